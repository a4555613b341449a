namespace AssetCompute.Client;

/// <summary>Who changed an asset, as the event says it: personal data.</summary>
public sealed record AemUser
{
    /// <summary>The id in AEM: <c>principalId</c>, or <c>xdmAemUser:id</c> in the older form; null where the event does not say.</summary>
    public string? PrincipalId { get; init; }

    /// <summary>The id in Adobe's identity service; null where the event does not say.</summary>
    public string? ImsUserId { get; init; }

    /// <summary>The name of the person; null where the event does not say.</summary>
    public string? DisplayName { get; init; }

    /// <summary>The id in AEM, and nothing else that names a person.</summary>
    public override string ToString() => $"{nameof(AemUser)} {{ PrincipalId = {PrincipalId} }}";
}

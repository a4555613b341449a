namespace AssetCompute.Client;

/// <summary>The user who changed an asset, as the event has it. This is personal data.</summary>
public sealed record AemUser
{
    /// <summary>The id in AEM: <c>principalId</c>, or <c>xdmAemUser:id</c> in the older form; null if the event does not contain it.</summary>
    public string? PrincipalId { get; init; }

    /// <summary>The id in Adobe's identity service; null if the event does not contain it.</summary>
    public string? ImsUserId { get; init; }

    /// <summary>The name of the person; null if the event does not contain it.</summary>
    public string? DisplayName { get; init; }

    /// <summary>Returns the id in AEM, and no other data of the person.</summary>
    public override string ToString() => $"{nameof(AemUser)} {{ PrincipalId = {PrincipalId} }}";
}

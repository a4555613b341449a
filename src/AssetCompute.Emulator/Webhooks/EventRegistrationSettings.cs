namespace AssetCompute.Emulator;

/// <summary>What a registration for the events of AEM asks for.</summary>
public sealed record EventRegistrationSettings
{
    /// <summary>A name for the web page. Default: <c>AEM assets</c>.</summary>
    public string Name { get; init; } = "AEM assets";

    /// <summary>The client that registers; its tokens read the journal. Default: the only client that may sign in.</summary>
    public string? ClientId { get; init; }

    /// <summary>The webhook. Default: none, the journal alone.</summary>
    public Uri? WebhookUrl { get; init; }

    /// <summary>Whether a delivery holds several events: an array of at most 20 events and 2 MB. Default: one event each.</summary>
    public bool Batch { get; init; }

    /// <summary>The form of the events. Default: <see cref="EventForm.CloudEvents"/>.</summary>
    public EventForm Form { get; init; }

    /// <summary>Which events are wanted. Default: <see cref="AemEventKind.Published"/> alone.</summary>
    public IReadOnlyCollection<AemEventKind> Events { get; init; } = [AemEventKind.Published];

    /// <summary>Whether it is for events that applications publish, and for none of AEM's.</summary>
    internal bool HasOwnEvents { get; init; }
}

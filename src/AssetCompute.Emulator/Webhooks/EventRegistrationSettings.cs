namespace AssetCompute.Emulator;

/// <summary>The settings of a registration for AEM events.</summary>
public sealed record EventRegistrationSettings
{
    /// <summary>The name on the web page. Default: <c>AEM assets</c>.</summary>
    public string Name { get => field ?? "AEM assets"; init; }

    /// <summary>The client that registers. Its tokens can read the journal. Default: the only client that may sign in.</summary>
    public string? ClientId { get; init; }

    /// <summary>The URL of the webhook. Default: none; events go only to the journal.</summary>
    public Uri? WebhookUrl { get; init; }

    /// <summary>Whether a delivery contains several events, as an array of at most 20 events and 2 MB. Default: one event per delivery.</summary>
    public bool Batch { get; init; }

    /// <summary>The format of the events. Default: <see cref="EventForm.CloudEvents"/>.</summary>
    public EventForm Form { get; init; }

    /// <summary>The events to register for. Default: only <see cref="AemEventKind.Published"/>.</summary>
    public IReadOnlyCollection<AemEventKind> Events { get => field ?? [AemEventKind.Published]; init; }

    /// <summary>Whether the registration is for events that applications publish instead of AEM events.</summary>
    internal bool HasOwnEvents { get; init; }
}

namespace AssetCompute.Emulator;

/// <summary>How webhooks are delivered.</summary>
public sealed class EmulatorWebhookOptions
{
    /// <summary>How many deliveries of one registration are under way at once. Default: 50. Adobe does not say its own number.</summary>
    public int MaxConcurrency { get; set; } = 50;

    /// <summary>How long a webhook may take to answer; in real time, independent of the emulator's clock. Default: 10 seconds, as Adobe documents.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long a registration stays <see cref="EventRegistrationStatus.Unstable"/> before it is <see cref="EventRegistrationStatus.Disabled"/>.
    /// Default: 24 hours, as Adobe documents.
    /// </summary>
    public TimeSpan UnstablePeriod { get; set; } = TimeSpan.FromHours(24);

    /// <summary>How many attempts <see cref="EventRegistration.Attempts"/> keeps. Default: 1,000.</summary>
    public int AttemptCapacity { get; set; } = 1000;
}

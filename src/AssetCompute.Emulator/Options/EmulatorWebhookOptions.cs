namespace AssetCompute.Emulator;

/// <summary>The options for delivering webhooks.</summary>
public sealed class EmulatorWebhookOptions
{
    /// <summary>The maximum number of concurrent deliveries of one registration. Default: 50. Adobe does not document its limit.</summary>
    public int MaxConcurrency { get; set; } = 50;

    /// <summary>The response timeout of a webhook, in real time, regardless of the emulator's clock. Default: 10 seconds, as documented by Adobe.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long a registration stays <see cref="EventRegistrationStatus.Unstable"/> before it becomes <see cref="EventRegistrationStatus.Disabled"/>.
    /// Default: 24 hours, as documented by Adobe.
    /// </summary>
    public TimeSpan UnstablePeriod { get; set; } = TimeSpan.FromHours(24);

    /// <summary>The maximum number of attempts that <see cref="EventRegistration.Attempts"/> keeps. Default: 1,000.</summary>
    public int AttemptCapacity { get; set; } = 1000;
}

namespace AssetCompute.Emulator;

/// <summary>Whether the webhook of a registration gets events. The journal gets events in every status.</summary>
public enum EventRegistrationStatus
{
    /// <summary>The webhook gets events, or there is no webhook.</summary>
    Active,

    /// <summary>The webhook gets events, but at least 80% of its deliveries fail, with at least 10 attempts in 24 hours.</summary>
    Unstable,

    /// <summary>The webhook did not answer its challenge, but the validation URL can still be opened within 5 minutes. The webhook gets no events.</summary>
    PendingValidation,

    /// <summary>The webhook gets no events until the registration is enabled again.</summary>
    Disabled,
}

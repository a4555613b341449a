namespace AssetCompute.Emulator;

/// <summary>Whether a registration's webhook gets events. Its journal gets them in every status.</summary>
public enum EventRegistrationStatus
{
    /// <summary>The webhook gets events; or there is none.</summary>
    Active,

    /// <summary>The webhook gets events, but most deliveries fail: of at least 10 attempts in 24 hours, 80 % or more.</summary>
    Unstable,

    /// <summary>The webhook did not answer its challenge but may still get the validation URL that it was sent, within 5 minutes. It gets no events.</summary>
    PendingValidation,

    /// <summary>The webhook gets no events until the registration is enabled again.</summary>
    Disabled,
}

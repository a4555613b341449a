namespace AssetCompute.Emulator;

/// <summary>An attempt to deliver events to a webhook.</summary>
public sealed record WebhookAttempt
{
    internal WebhookAttempt()
    {
    }

    /// <summary>The delivery id, sent as <c>x-adobe-delivery-id</c>. It is the same for all attempts of a delivery.</summary>
    public required string DeliveryId { get; init; }

    /// <summary>The ids of the events: <c>x-adobe-event-id</c>, and <c>eventid</c> or <c>event_id</c> in the envelopes.</summary>
    public required IReadOnlyList<string> EventIds { get; init; }

    /// <summary>The number of earlier attempts: 0 for the first attempt, otherwise the value of <c>x-adobe-retry-count</c>.</summary>
    public required int RetryCount { get; init; }

    /// <summary>The time when the attempt ended, by the emulator's clock.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The status that the webhook returned, or <see langword="null"/> if there was no response in time.</summary>
    public required int? Status { get; init; }

    /// <summary>The reason why there was no response, or <see langword="null"/>.</summary>
    public string? Problem { get; init; }

    /// <summary>The outcome of the attempt.</summary>
    public required WebhookOutcome Outcome { get; init; }

    /// <summary>The time of the next attempt, or <see langword="null"/> if there is none.</summary>
    public DateTimeOffset? NextAttemptAt { get; init; }
}

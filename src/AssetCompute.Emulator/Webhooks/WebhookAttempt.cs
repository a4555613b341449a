namespace AssetCompute.Emulator;

/// <summary>One attempt to deliver events to a webhook.</summary>
public sealed record WebhookAttempt
{
    internal WebhookAttempt()
    {
    }

    /// <summary>The delivery: <c>x-adobe-delivery-id</c>, the same in each of its attempts.</summary>
    public required string DeliveryId { get; init; }

    /// <summary>The events in it: <c>x-adobe-event-id</c>, and <c>eventid</c> or <c>event_id</c> of their envelopes.</summary>
    public required IReadOnlyList<string> EventIds { get; init; }

    /// <summary>How many attempts came before: 0 for the first, else what <c>x-adobe-retry-count</c> says.</summary>
    public required int RetryCount { get; init; }

    /// <summary>When the attempt had its answer, by the emulator's clock.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The status that the webhook answered, or <see langword="null"/> when there was no answer in time.</summary>
    public required int? Status { get; init; }

    /// <summary>Why there was no answer, or <see langword="null"/>.</summary>
    public string? Problem { get; init; }

    /// <summary>What became of it.</summary>
    public required WebhookOutcome Outcome { get; init; }

    /// <summary>When the next attempt is made, or <see langword="null"/> when there is none.</summary>
    public DateTimeOffset? NextAttemptAt { get; init; }
}

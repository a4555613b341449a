namespace AssetCompute.Emulator;

/// <summary>The state of a rendition and its result, which are saved with its job.</summary>
internal class RenditionProgress
{
    private readonly Lock _gate = new();

    public RenditionState State { get; set; }

    /// <summary>The reason why there is no event, or details that the event does not contain.</summary>
    public string? Problem { get; set; }

    /// <summary>The event's JSON, once there is one.</summary>
    public byte[]? Event { get; set; }

    /// <summary>The time when processing started.</summary>
    public DateTimeOffset? StartedAt { get; set; }

    /// <summary>The time when the file was made.</summary>
    public DateTimeOffset? RenderedAt { get; set; }

    /// <summary>The time when the rendition was uploaded to its target or embedded in its event.</summary>
    public DateTimeOffset? UploadedAt { get; set; }

    /// <summary>The time when the event was written.</summary>
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>Whether the rendition can still get an event. An abort may add one while a worker starts.</summary>
    public bool IsOpen => Event is null && (State is RenditionState.Queued or RenditionState.Working);

    /// <summary>The parsed content of the event.</summary>
    public RenditionOutcome? Outcome => Event is { } json ? field ??= RenditionOutcome.Of(json) : null;

    /// <summary>Ends the rendition with its event. Returns false and changes nothing if it has already ended.</summary>
    public bool TryEnd(RenditionState state, byte[] json, DateTimeOffset time)
    {
        lock (_gate)
        {
            if (Event is not null)
            {
                return false;
            }

            (Event, EndedAt, State) = (json, time, state);
            return true;
        }
    }
}

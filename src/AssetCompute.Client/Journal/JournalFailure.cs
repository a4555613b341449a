using System.Text.Json;
using AssetCompute.Client.Http.Resilience;

namespace AssetCompute.Client.Journal;

/// <summary>Which failures of a read may pass, and how one is told that does not.</summary>
internal static class JournalFailure
{
    /// <summary>Whether another attempt may bring what this one did not.</summary>
    public static bool IsTransient(Exception exception) =>
        exception is AssetComputeException and not JournalException
            or InvalidDataException or JsonException
        || Failure.Of(exception) is not FailureKind.None;

    public static JournalException Expired(JournalPosition position) =>
        new($"The journal position has expired, for events are kept for seven days, or it is one of another journal: {position}. Set AssetCompute:Journal:OnExpired ({nameof(JournalOptions)}.{nameof(JournalOptions.OnExpired)}) to Oldest or Latest to go on by itself, or start without a stored position.")
        {
            Position = position,
            StatusCode = System.Net.HttpStatusCode.Gone,
            PositionIsLost = true,
        };

    public static JournalException Moved(JournalPosition position) =>
        new($"The client was registered anew and has another journal: {position} is a position of the old one, which is gone with what was not read of it. Set AssetCompute:Journal:OnExpired ({nameof(JournalOptions)}.{nameof(JournalOptions.OnExpired)}) to Oldest or Latest to go on by itself, or start without a stored position.")
        {
            Position = position,
            StatusCode = System.Net.HttpStatusCode.NotFound,
            PositionIsLost = true,
        };

    /// <summary>The journal is gone, and the one that may have taken its place cannot be read yet.</summary>
    public static JournalException NotFoundAnew(JournalPosition position, int attempts, JournalException cause) =>
        new($"The journal is not found any more, and asking for it anew failed: {cause.Message} Try again; where the client has another journal by then, {position} is a position of the old one.", cause)
        {
            Position = position,
            StatusCode = System.Net.HttpStatusCode.NotFound,
            Attempts = attempts,
        };

    /// <param name="position">Where reading stood.</param>
    /// <param name="attempts">How many reads in a row have failed.</param>
    /// <param name="cause">The last failure.</param>
    public static JournalException Ended(JournalPosition position, int attempts, Exception cause)
    {
        AssetComputeException? answer = cause as AssetComputeException;
        string failures = attempts == 1 ? "Reading the journal failed" : $"Reading the journal failed {attempts} times in a row";
        return new JournalException($"{failures}. Nothing is lost: go on at the position {position}. The last failure: {cause.Message}", cause)
        {
            Position = position,
            StatusCode = answer?.StatusCode,
            RequestId = answer?.RequestId,
            ErrorCode = answer?.ErrorCode,
            Attempts = attempts,
        };
    }
}

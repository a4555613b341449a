using System.Net;
using System.Text.Json;
using AssetCompute.Client.Http.Resilience;

namespace AssetCompute.Client.Journal;

/// <summary>Classifies the failures of a read as transient or permanent, and creates the exceptions for them.</summary>
internal static class JournalFailure
{
    /// <summary>Whether another attempt may succeed.</summary>
    public static bool IsTransient(Exception exception) =>
        exception is AssetComputeException and not JournalException
            or InvalidDataException or JsonException
        || Failure.Of(exception) is not FailureKind.None;

    public static JournalException Expired(JournalPosition position) =>
        Lost($"The journal position has expired, or belongs to another journal: {position}. Events are kept for seven days.", position, HttpStatusCode.Gone);

    public static JournalException Moved(JournalPosition position) =>
        Lost($"The client was registered again and has another journal. The position {position} belongs to the old journal, whose unread events are lost.", position, HttpStatusCode.NotFound);

    /// <param name="position">The last position of the reader.</param>
    /// <param name="attempts">How many reads in a row have failed.</param>
    /// <param name="cause">The last failure.</param>
    public static JournalException Ended(JournalPosition position, int attempts, Exception cause)
    {
        string failures = attempts == 1 ? "Reading the journal failed" : $"Reading the journal failed {attempts} times in a row";
        return Create($"{failures}. Nothing is lost: continue at the position {position}. The last failure: {cause.Message}", cause, position, attempts);
    }

    /// <summary>Returns a separate exception for another caller: one object thrown to many callers would mix up their stack traces.</summary>
    public static JournalException CopyOf(Exception failure) => failure is JournalException journal
        ? Create(journal.Message, journal, journal.Position, journal.Attempts, journal.PositionIsLost)
        : new JournalException($"Reading the journal ended: {failure.Message}", failure);

    private static JournalException Create(string message, Exception? cause, JournalPosition position, int attempts, bool isLost = false, HttpStatusCode? status = null)
    {
        AssetComputeException? answer = cause as AssetComputeException;
        return new JournalException(message, cause)
        {
            Position = position,
            PositionIsLost = isLost,
            StatusCode = status ?? answer?.StatusCode,
            RequestId = answer?.RequestId,
            ErrorCode = answer?.ErrorCode,
            Attempts = attempts,
        };
    }

    private static JournalException Lost(string what, JournalPosition position, HttpStatusCode status) => Create(
        $"{what} Set AssetCompute:Journal:OnExpired ({nameof(JournalOptions)}.{nameof(JournalOptions.OnExpired)}) to Oldest or Latest to continue automatically, or start without a stored position.",
        cause: null,
        position,
        attempts: 0,
        isLost: true,
        status);
}

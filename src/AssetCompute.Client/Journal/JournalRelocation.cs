using System.Net;

namespace AssetCompute.Client.Journal;

/// <summary>
/// Finds the account's own journal anew where it is not found any more: the client may have been registered anew since, and its events go to another one.
/// </summary>
internal sealed class JournalRelocation(JournalFeedSettings settings)
{
    private bool _hasAnswered;
    private bool _hasAsked;
    private int _notFound;

    /// <summary>A new read, whose failures say something new.</summary>
    public void Begin()
    {
        _hasAsked = false;
        _notFound = 0;
    }

    /// <summary>The journal was there.</summary>
    public void Answered() => _hasAnswered = true;

    /// <summary>
    /// Takes note of a failed attempt, and says whether to ask where the journal is. Not at the first 404, which may pass, and which a reading that nobody waits for does not outlive: asking is registering, and would undo the end of
    /// a registration.
    /// </summary>
    public bool IsDueAfter(Exception failure)
    {
        _notFound = failure is AssetComputeException { StatusCode: HttpStatusCode.NotFound } ? _notFound + 1 : 0;
        return settings.FindAnew is not null && !_hasAsked && _notFound >= Math.Min(2, settings.Options.MaxConsecutiveFailures);
    }

    /// <returns>Another journal, or the same one: then the read goes on failing by itself.</returns>
    public async ValueTask<Uri> FindAsync(JournalCursor cursor, int attempts, CancellationToken cancellationToken)
    {
        try
        {
            Uri journal = await settings.FindAnew!(cursor.Journal, cancellationToken).ConfigureAwait(false);
            _hasAsked = true;
            return journal;
        }
        catch (JournalException exception)
        {
            throw JournalFailure.NotFoundAnew(cursor.Position, attempts, exception);
        }
    }

    /// <summary>Where reading goes on in a new journal.</summary>
    /// <exception cref="JournalException">The position of the old one is lost, and the policy is to throw.</exception>
    public JournalPosition TargetOf(JournalPosition left)
    {
        if (left.Value is null)
        {
            // Whoever has waited for the first event ever of the old journal misses none of the new one.
            return _hasAnswered && left == JournalPosition.Latest ? JournalPosition.Oldest : left;
        }

        return settings.OnExpired switch
        {
            ExpiredPositionPolicy.Throw => throw JournalFailure.Moved(left),
            ExpiredPositionPolicy.Latest => JournalPosition.Latest,
            _ => JournalPosition.Oldest,
        };
    }
}

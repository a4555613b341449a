using System.Runtime.CompilerServices;
using AssetCompute.Client.Authentication;

namespace AssetCompute.Client.Journal;

/// <summary>Returns the entries of a feed one by one, and passes its notices to the caller's callback.</summary>
internal sealed class JournalReader(JournalFeedFactory feeds) : IJournalReader
{
    public IAsyncEnumerable<JournalEntry> ReadAsync(
        JournalPosition start = default,
        JournalReadOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        if (options?.PageSize is <= 0 or > 10_000)
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.PageSize, $"{nameof(JournalReadOptions.PageSize)} must be 1 to 10,000.");
        }

        if (options?.Journal is { } journal && !SecureUrl.IsValid(journal))
        {
            throw new ArgumentException($"{nameof(JournalReadOptions.Journal)} must be an absolute https URL; http is allowed to a loopback address.", nameof(options));
        }

        return ReadEntriesAsync(start, options ?? new JournalReadOptions(), cancellationToken);
    }

    private async IAsyncEnumerable<JournalEntry> ReadEntriesAsync(
        JournalPosition start,
        JournalReadOptions options,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        JournalFeed feed = await feeds.CreateAsync(start, options, cancellationToken).ConfigureAwait(false);
        await foreach (JournalFeedItem item in feed.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            if (item.Notice is { } notice)
            {
                options.OnNotice?.Invoke(notice);
            }

            foreach (JournalEntry entry in item.Entries ?? [])
            {
                yield return entry;
            }
        }
    }
}

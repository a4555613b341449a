using System.Runtime.CompilerServices;

namespace AssetCompute.Client.Journal;

/// <summary>A step of a reading: entries to handle together, a notice, or a skipped event with its notice.</summary>
/// <param name="Entries">The entries. With a <see cref="JournalEventSkipped"/> notice: the event that cannot be handled.</param>
/// <param name="Position">The position before which everything is handled once this batch is.</param>
/// <param name="Notice">A notice that came after all earlier batches; null for entries.</param>
internal readonly record struct JournalBatch(IReadOnlyList<JournalEntry> Entries, JournalPosition Position, JournalNotice? Notice = null)
{
    /// <summary>
    /// Whether the position must be saved although there are no entries. The end of a journal and the end of a gap are positions too: without them, a start
    /// at the latest event would lose events between two runs, and an expired checkpoint would stay expired.
    /// </summary>
    public bool IsMark => Notice is JournalCaughtUp or JournalGap && Notice.Position.Value is not null;

    /// <summary>Reads a journal in batches.</summary>
    /// <param name="feed">The journal.</param>
    /// <param name="start">The position where the feed starts.</param>
    /// <param name="size">The maximum number of entries in a batch.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async IAsyncEnumerable<JournalBatch> ReadAsync(JournalFeed feed, JournalPosition start, int size, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        List<JournalEntry> entries = [];
        JournalPosition position = start;
        await foreach (JournalFeedItem item in feed.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            foreach (JournalEntry entry in item.Entries ?? [])
            {
                entries.Add(entry);
                position = entry.Position == default ? position : entry.Position;
                if (entries.Count == size)
                {
                    yield return new JournalBatch(entries, position);
                    entries = [];
                }
            }

            if (item.Entries is null && entries.Count > 0)
            {
                // Not held back until the batch is full: no more entries may arrive for a long time.
                yield return new JournalBatch(entries, position);
                entries = [];
            }

            if (item.Notice is { } notice)
            {
                position = notice.Position.Value is null ? position : notice.Position;
                yield return new JournalBatch(notice is JournalEventSkipped skipped ? [skipped.Entry] : [], position, notice);
            }
        }
    }
}

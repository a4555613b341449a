using System.Runtime.CompilerServices;

namespace AssetCompute.Client.Journal;

/// <summary>A step of a reading: entries, or a notice.</summary>
/// <param name="Entries">The entries to handle together. For the event that a notice skips, see <see cref="ReadAsync"/>.</param>
/// <param name="Position">The position before which everything is handled once this batch is.</param>
/// <param name="Notice">A notice that came after all earlier batches; null for entries.</param>
internal readonly record struct JournalBatch(IReadOnlyList<JournalEntry> Entries, JournalPosition Position, JournalNotice? Notice = null)
{
    /// <summary>
    /// Whether the position must be saved although there are no entries. The end of a journal and the end of a gap are positions too: without them, a start
    /// at the latest event would lose events between two runs, and an expired checkpoint would stay expired.
    /// </summary>
    public bool IsMark => Notice is JournalCaughtUp or JournalGap && Notice.Position.Value is not null;

    /// <summary>
    /// Reads a journal in batches of a size. Entries are not held back until a batch is full: no more may arrive for a long time. The batch of a
    /// <see cref="JournalEventSkipped"/> notice has the skipped entry.
    /// </summary>
    /// <param name="feed">The journal.</param>
    /// <param name="start">The position where the feed starts.</param>
    /// <param name="size">The maximum number of entries in a batch.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async IAsyncEnumerable<JournalBatch> ReadAsync(JournalFeed feed, JournalPosition start, int size, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        List<JournalEntry> entries = [];
        JournalPosition position = start;
        await foreach (JournalBatch read in feed.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            foreach (JournalEntry entry in read.Entries)
            {
                entries.Add(entry);
                position = entry.Position == default ? position : entry.Position;
                if (entries.Count == size)
                {
                    yield return new JournalBatch(entries, position);
                    entries = [];
                }
            }

            if (entries.Count > 0 && (read.Notice is not null || !feed.HasNext))
            {
                yield return new JournalBatch(entries, position);
                entries = [];
            }

            if (read.Notice is not null)
            {
                position = read.Position.Value is null ? position : read.Position;
                yield return read with { Entries = read.Notice is JournalEventSkipped skipped ? [skipped.Entry] : [], Position = position };
            }
        }
    }
}

namespace AssetCompute.Emulator;

/// <summary>An event in a journal: its number, the time when it becomes visible, and its JSON.</summary>
internal sealed record JournalRecord(long Sequence, string Position, DateTimeOffset Time, byte[] Event)
{
    /// <summary>The time when a reader first received the event.</summary>
    public DateTimeOffset? FirstReadAt { get; set; }

    /// <summary>The size in bytes of the event in a page, without the comma.</summary>
    public int PageLength => """{"position":"","event":}""".Length + Position.Length + Event.Length;
}

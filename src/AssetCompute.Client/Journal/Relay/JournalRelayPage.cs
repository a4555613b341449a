namespace AssetCompute.Client;

/// <summary>Events of a journal that a relay publishes together.</summary>
public sealed class JournalRelayPage
{
    /// <summary>Creates a page, for example in a test.</summary>
    /// <param name="name">The name of the checkpoint.</param>
    /// <param name="entries">The events.</param>
    /// <param name="position">The position after them.</param>
    /// <param name="lease">The lease under which the journal is read.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public JournalRelayPage(string name, IReadOnlyList<JournalEntry> entries, JournalPosition position, JournalLease lease)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(entries);
        ArgumentNullException.ThrowIfNull(lease);
        Name = name;
        Entries = entries;
        Position = position;
        Lease = lease;
    }

    /// <summary>The name of the checkpoint.</summary>
    public string Name { get; }

    /// <summary>The events, in the order of the journal.</summary>
    public IReadOnlyList<JournalEntry> Entries { get; }

    /// <summary>The position after the events.</summary>
    public JournalPosition Position { get; }

    /// <summary>The lease under which the journal is read.</summary>
    public JournalLease Lease { get; }

    /// <summary>
    /// Whether the sink has saved <see cref="Position"/> itself, in one transaction with the events. The relay then does not save it. Default: false.
    /// </summary>
    public bool IsSaved { get; set; }
}

namespace AssetCompute.Client.Benchmarks.Comparison;

/// <summary>One contestant with one kind of work.</summary>
internal sealed class Entry
{
    private Entry(string who, string work, int count, string title, params string[] flags)
    {
        Who = who;
        Work = work;
        Count = count;
        Title = title;
        Flags = flags;
    }

    public string Who { get; }

    public string Work { get; }

    public int Count { get; }

    public string Title { get; }

    public string[] Flags { get; }

    public bool IsPeer => Who == "node";

    /// <summary>Whether this client runs as a native program.</summary>
    public bool IsNative => Who == "native";

    /// <summary>The key of the entry.</summary>
    public string Key => string.Join(' ', [Who, Work, .. Flags]);

    public static Entry Growth(int events) => new("ours", "growth", events, "growth of the journal");

    public static Entry Waiting(int jobs) => new("ours", "waiting", jobs, "jobs that wait at once");

    /// <summary>All contestants with all kinds of work.</summary>
    public static IReadOnlyList<Entry> All(int calls, int events, int assets) =>
    [
        .. Needed(calls, events, assets),
        new("ours", "process", calls, "`/process`: this client, without retries", "--no-retry"),
        new("ours", "process", calls, "`/process`: this client, without the throttle", "--no-throttle"),
        new("node", "library", events, "journal: Adobe's `aio-lib-events`"),
        new("ours", "processor", events, "journal processor, checkpoints in memory: this client"),
        new("ours", "processor", events, "journal processor, checkpoints in a file: this client", "--file"),
    ];

    /// <summary>This client as a native program.</summary>
    public static IReadOnlyList<Entry> Native(int calls, int events, int assets) =>
    [
        new("native", "start", 1, "first call: this client, native"),
        new("native", "process", calls, "`/process`: this client, native"),
        new("native", "typed", events, "journal, typed: this client, native"),
        new("native", "jobs", assets, "assets awaited: this client, native"),
    ];

    /// <summary>The entries that the targets need.</summary>
    public static IReadOnlyList<Entry> Needed(int calls, int events, int assets) =>
    [
        new("floor", "start", 1, "first call: floor"),
        new("ours", "start", 1, "first call: this client"),
        new("node", "start", 1, "first call: Adobe's client"),

        new("floor", "process", calls, "`/process`: floor"),
        new("ours", "process", calls, "`/process`: this client"),
        new("node", "process", calls, "`/process`: Adobe's client"),
        new("ours", "process", calls, "`/process`: this client, with listeners to traces and metrics", "--listener"),

        new("floor", "journal", events, "journal: floor"),
        new("ours", "typed", events, "journal, typed: this client"),
        new("ours", "dispatched", events, "journal, each event for a waiting job: this client"),
        new("ours", "passed-by", events, "journal, events of others passed by: this client"),
        new("node", "journal", events, "journal: Adobe's client"),

        new("ours", "jobs", assets, "assets awaited: this client"),
        new("node", "jobs", assets, "assets awaited: Adobe's client"),
    ];
}

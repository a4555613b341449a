namespace AssetCompute.Emulator;

/// <summary>The faults that are on, and the switches for more.</summary>
internal static class FaultsView
{
    public static readonly EmulatorOperation[] Operations =
    [
        EmulatorOperation.Process, EmulatorOperation.Journal, EmulatorOperation.Token, EmulatorOperation.Register,
        EmulatorOperation.Unregister, EmulatorOperation.BlobRead, EmulatorOperation.BlobWrite,
        EmulatorOperation.AemRead, EmulatorOperation.AemMetadata, EmulatorOperation.AemList,
    ];

    public static readonly (string Key, string Title, EmulatorFault Fault)[] Kinds =
    [
        ("429", "429, retry after 3 s", EmulatorFault.Answer(429, TimeSpan.FromSeconds(3))),
        ("503", "503", EmulatorFault.Answer(503)),
        ("500", "500", EmulatorFault.Answer(500)),
        ("401", "401", EmulatorFault.Answer(401)),
        ("late", "5 s late", EmulatorFault.Late(TimeSpan.FromSeconds(5))),
        ("reset", "connection reset", EmulatorFault.Reset()),
        ("truncated", "body cut off", EmulatorFault.Truncate()),
    ];

    public static void Add(Html html, IReadOnlyList<string> faults)
    {
        html.Add($"""<form method="post" action="/emulator/page/faults" class="switches"><label>The next <input name="calls" type="number" min="1" max="1000" value="1"></label><label>calls of <select name="operation">""");
        foreach (var operation in Operations)
        {
            html.Add($"""<option>{operation.ToString()}</option>""");
        }

        html.Add($"""</select></label><label>get <select name="kind">""");
        foreach (var (key, title, _) in Kinds)
        {
            html.Add($"""<option value="{key}">{title}</option>""");
        }

        html.Add($"""
            </select></label><button>Add fault</button></form>
            <form method="post" action="/emulator/page/revoke" class="switches"><button>Revoke all tokens</button></form>
            """);
        if (faults.Count == 0)
        {
            html.Add($"""<p class="empty">No fault is on.</p>""");
            return;
        }

        html.Add($"""<ul class="entries">""");
        foreach (var fault in faults)
        {
            html.Add($"""<li><p>{fault}</p></li>""");
        }

        html.Add($"""</ul><form method="post" action="/emulator/page/clear" class="switches"><button>End all faults</button></form>""");
    }
}

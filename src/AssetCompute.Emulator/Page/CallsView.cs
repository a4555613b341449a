namespace AssetCompute.Emulator;

/// <summary>The newest calls with their headers.</summary>
internal static class CallsView
{
    private const int MostCalls = 40;

    public static void Add(Html html, EmulatorCalls calls)
    {
        var newest = calls.Reverse().Where(call => !IsIdlePoll(call)).Take(MostCalls).ToArray();
        if (newest.Length == 0)
        {
            html.Add($"""<p class="empty">No call yet.</p>""");
            return;
        }

        html.Add($"""<p class="facts">The newest {newest.Length}. Reads of the journal that brought nothing new (204) are left out.</p>""");

        html.Add($"""<ol class="entries" reversed>""");
        foreach (var call in newest)
        {
            html.Add($"""<li class="{(call.Status is 0 or >= 400 ? "failed" : "")}"><p><time>{JobsView.Time(call.Time)}</time> <strong>{(call.Status == 0 ? "—" : $"{call.Status}")}</strong> {call.Method} <span class="path">{PathOf(call)}</span>""");
            if (call.Fault is { } fault)
            {
                html.Add($""" <span class="bad">fault: {fault}</span>""");
            }

            html.Add($"""</p><details data-key="call-{call.Sequence}"><summary>Headers</summary><pre tabindex="0">""");
            AddHeaders(html, call.Headers);
            html.Add($"\n");
            AddHeaders(html, call.ResponseHeaders);
            html.Add($"</pre></details></li>");
        }

        html.Add($"</ol>");
    }

    /// <summary>A waiting client makes hundreds of them, among which nobody would find the others.</summary>
    private static bool IsIdlePoll(EmulatorCall call) => call is { Operation: EmulatorOperation.Journal, Status: 204, Fault: null };

    /// <summary>A blob's query is nothing but its signature; a journal's path is long, and always the same.</summary>
    private static string PathOf(EmulatorCall call) => call.Operation switch
    {
        EmulatorOperation.BlobRead or EmulatorOperation.BlobWrite => call.Path.Split('?')[0],
        EmulatorOperation.Journal => "/events/…" + call.Path[(call.Path.IndexOf('?') is >= 0 and var query ? query : call.Path.Length)..],
        _ => call.Path,
    };

    private static void AddHeaders(Html html, IReadOnlyDictionary<string, string> headers)
    {
        foreach (var (name, value) in headers)
        {
            html.Add($"{name}: {value}\n");
        }
    }
}

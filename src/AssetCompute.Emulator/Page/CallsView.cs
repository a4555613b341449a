namespace AssetCompute.Emulator;

/// <summary>The newest calls with their headers.</summary>
internal static class CallsView
{
    private const int MostCalls = 100;

    public static void Add(Html html, EmulatorCalls calls)
    {
        var newest = calls.Reverse().Take(MostCalls).ToArray();
        if (newest.Length == 0)
        {
            html.Add($"""<p class="empty">No call yet.</p>""");
            return;
        }

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

    /// <summary>A blob's query is nothing but its signature.</summary>
    private static string PathOf(EmulatorCall call) =>
        call.Operation is EmulatorOperation.BlobRead or EmulatorOperation.BlobWrite ? call.Path.Split('?')[0] : call.Path;

    private static void AddHeaders(Html html, IReadOnlyDictionary<string, string> headers)
    {
        foreach (var (name, value) in headers)
        {
            html.Add($"{name}: {value}\n");
        }
    }
}

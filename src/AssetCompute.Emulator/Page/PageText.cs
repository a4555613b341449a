using System.Globalization;

namespace AssetCompute.Emulator;

/// <summary>Formats values for the page.</summary>
internal static class PageText
{
    public static string Time(DateTimeOffset time) => time.ToLocalTime().ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    public static string Moment(DateTimeOffset time) => time.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss.fff zzz", CultureInfo.InvariantCulture);

    public static string Iso(DateTimeOffset time) => time.ToString("O", CultureInfo.InvariantCulture);

    public static string Duration(TimeSpan time) => time switch
    {
        { TotalMilliseconds: < 1 } => "< 1 ms",
        { TotalSeconds: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0} ms"),
        { TotalMinutes: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s"),
        _ => time.ToString(time.TotalHours < 1 ? @"m\:ss" : @"h\:mm\:ss", CultureInfo.InvariantCulture),
    };

    public static string Bytes(long bytes) => bytes switch
    {
        < 1000 => $"{bytes} B",
        < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:0.#} kB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0} MB"),
    };

    public static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    public static string Name(RenditionState state) => state.ToString().ToLowerInvariant();

    /// <summary>Returns the CSS class of a state.</summary>
    public static string Mark(RenditionState state) => state switch
    {
        RenditionState.Queued or RenditionState.Working => "open",
        RenditionState.Created => "ok",
        _ => "bad",
    };

    /// <summary>Shortens a path. The query of a blob contains only its signature, and the path of a journal is long and always the same.</summary>
    public static string Path(EmulatorCall call) => call.Operation switch
    {
        EmulatorOperation.BlobRead or EmulatorOperation.BlobWrite => call.Path.Split('?')[0],
        EmulatorOperation.Journal => "/events/…" + call.Path[(call.Path.IndexOf('?') is >= 0 and var query ? query : call.Path.Length)..],
        _ => call.Path,
    };
}

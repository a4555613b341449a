using System.Xml;

namespace AssetCompute.Client;

/// <summary>
/// A position in a journal, where reading starts.
/// </summary>
/// <remarks>
/// Source: the Journaling API page of Adobe I/O Events. The text of a position is opaque. Positions expire with their events, after seven
/// days.
/// </remarks>
public readonly record struct JournalPosition
{
    private const string SinceParameter = "since";
    private const string SeekParameter = "seek";

    // The query parameter of the journal and its value; null for the oldest event.
    private readonly string? _parameter;
    private readonly string? _value;

    private JournalPosition(string parameter, string value)
    {
        _parameter = parameter;
        _value = value;
    }

    /// <summary>Before the oldest event in the journal; the same as <c>default</c>.</summary>
    public static JournalPosition Oldest => default;

    /// <summary>After the newest event: only events from now on.</summary>
    public static JournalPosition Latest { get; } = new("latest", "true");

    /// <summary>The text of the position, as the journal gave it; null for <see cref="Oldest"/>, <see cref="Latest"/> and <see cref="Ago"/>.</summary>
    public string? Value => _parameter == SinceParameter ? _value : null;

    /// <summary>Right after the event with this position. The event itself is not read again.</summary>
    /// <param name="position">The position of an event, as the journal gave it.</param>
    /// <exception cref="ArgumentException"><paramref name="position"/> is null or empty.</exception>
    public static JournalPosition After(string position)
    {
        ArgumentException.ThrowIfNullOrEmpty(position);
        return new JournalPosition(SinceParameter, position);
    }

    /// <summary>At the oldest event that arrived within a duration before now.</summary>
    /// <param name="duration">How far to go back; over zero.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="duration"/> is zero or negative.</exception>
    public static JournalPosition Ago(TimeSpan duration) => duration > TimeSpan.Zero
        ? new JournalPosition(SeekParameter, XmlConvert.ToString(-duration))
        : throw new ArgumentOutOfRangeException(nameof(duration), duration, "The duration must be over zero.");

    /// <summary>Parses the text that <see cref="ToString"/> returns.</summary>
    /// <param name="text">The text of a position.</param>
    /// <exception cref="FormatException"><paramref name="text"/> is not the text of a position.</exception>
    public static JournalPosition Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        try
        {
            return text switch
            {
                "oldest" => Oldest,
                "latest" => Latest,
                _ when text.StartsWith("after:", StringComparison.Ordinal) => After(text.Substring(6)),
                _ when text.StartsWith("ago:-P", StringComparison.Ordinal) => Ago(-XmlConvert.ToTimeSpan(text.Substring(4))),
                _ => throw new FormatException(),
            };
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or OverflowException)
        {
            throw new FormatException("The text is not a journal position: 'oldest', 'latest', 'after:<position>' or 'ago:-<ISO 8601 duration>'.");
        }
    }

    /// <summary>Returns the position as one line of text, for a checkpoint or a log. <see cref="Parse"/> reads it.</summary>
    public override string ToString() => _parameter switch
    {
        null => "oldest",
        SinceParameter => "after:" + _value,
        SeekParameter => "ago:" + _value,
        _ => _parameter,
    };

    /// <summary>Returns the query parameter of the journal for the position, without the question mark; empty for <see cref="Oldest"/>.</summary>
    internal string ToQuery() => _parameter is null ? "" : $"{_parameter}={Uri.EscapeDataString(_value!)}";
}

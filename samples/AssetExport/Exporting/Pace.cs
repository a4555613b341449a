using Cronos;

namespace AssetExport;

/// <summary>The schedule of a destination: when its runs start, how many exports each starts, and the window in which exports run.</summary>
internal sealed class Pace
{
    private readonly string _text;
    private readonly CronExpression _runs;
    private readonly (CronExpression Opens, CronExpression Closes)? _window;
    private readonly TimeZoneInfo _zone;

    private Pace(string schedule, string? window, TimeZoneInfo zone, int maxPerRun)
    {
        _runs = CronExpression.Parse(schedule, schedule.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length == 6 ? CronFormat.IncludeSeconds : CronFormat.Standard);
        _zone = zone;
        MaxPerRun = maxPerRun;
        if (window is not null)
        {
            string[] ends = window.Split('-', StringSplitOptions.TrimEntries);
            _window = (At(ends[0]), At(ends[1]));
        }

        _text = $"{maxPerRun} a run, {schedule} ({zone.Id}){(window is null ? "" : $", {window} only")}";
    }

    public int MaxPerRun { get; }

    public static Pace Read(IConfigurationSection section, BatchOptions defaults)
    {
        string schedule = section["Schedule"] ?? defaults.Schedule;
        string zone = section["TimeZone"] ?? defaults.TimeZone;
        string? window = section["Window"] ?? defaults.Window;
        try
        {
            Pace pace = new(schedule, window is "" ? null : window, TimeZoneInfo.FindSystemTimeZoneById(zone), section.PositiveNumber("MaxPerRun", defaults.MaxPerRun));
            _ = pace.NextRun(DateTimeOffset.UnixEpoch);
            return pace;
        }
        catch (TimeZoneNotFoundException)
        {
            throw new SettingsException($"{section.Path}: there is no TimeZone '{zone}': set one such as Europe/Berlin.");
        }
        catch (Exception exception) when (exception is CronFormatException or FormatException or IndexOutOfRangeException or ArgumentException)
        {
            throw new SettingsException($"{section.Path}: Schedule '{schedule}' must be a cron expression with at least one run, such as '0 * * * *', and Window '{window}' must be two times such as '22:00-06:00' ({exception.Message}).");
        }
    }

    public DateTimeOffset NextRun(DateTimeOffset after) => Next(_runs, after);

    /// <summary>Returns the time until the window opens; zero if it is open. It opens and closes once a day, even on days when the clocks change.</summary>
    public TimeSpan ClosedFor(DateTimeOffset now)
    {
        if (_window is not var (opens, closes))
        {
            return TimeSpan.Zero;
        }

        DateTimeOffset next = Next(opens, now);
        return Next(closes, now) < next ? TimeSpan.Zero : next - now;
    }

    public override string ToString() => _text;

    private static CronExpression At(string time)
    {
        TimeOnly at = TimeOnly.ParseExact(time, "HH:mm", System.Globalization.CultureInfo.InvariantCulture);
        return CronExpression.Parse($"{at.Minute} {at.Hour} * * *");
    }

    private DateTimeOffset Next(CronExpression expression, DateTimeOffset after) => expression.GetNextOccurrence(after, _zone) ?? throw new ArgumentException("it never occurs");
}

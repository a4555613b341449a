using System.Globalization;

namespace AssetCompute.Client.Benchmarks.Comparison;

/// <summary>A target of the client, and the measured figure.</summary>
/// <param name="Work">The kind of work.</param>
/// <param name="Measure">The measured quantity.</param>
/// <param name="Limit">The maximum.</param>
/// <param name="AtFirst">The figure of the whole process, or null if there is only one figure.</param>
/// <param name="Later">The figure after warm-up.</param>
/// <param name="Unit">The unit; empty for a ratio.</param>
internal sealed record Target(string Work, string Measure, double Limit, double? AtFirst, double Later, string Unit = "")
{
    public static IReadOnlyList<Target> All(Comparison comparison)
    {
        Figures Of(string key) => comparison.Of(key);
        Target Ratio(string work, string measure, double limit, string ours, string other) =>
            new(work, measure, limit, Of(ours).Whole / Of(other).Whole, Of(ours).Cpu / Of(other).Cpu);
        int jobs = comparison.Singles[1].Count;
        List<Target> native = [];
        if (comparison.NativeProgram is not null)
        {
            native.Add(Ratio("journal, every field of each event read, native", "CPU ÷ Adobe's client", 0.50, "native typed", "node journal"));
            native.Add(Ratio("assets of three renditions awaited, native", "CPU ÷ Adobe's client", 0.20, "native jobs", "node jobs"));
            native.Add(new("", "peak memory ÷ Adobe's client", 0.30, null, Of("native jobs").Peak / Of("node jobs").Peak));
        }

        return
        [
            Ratio("`/process`, 32 at once", "CPU ÷ floor", 2.30, "ours process", "floor process"),
            Ratio("", "CPU ÷ Adobe's client", 0.35, "ours process", "node process"),
            new("", "bytes ÷ floor", 1.40, null, Of("ours process").Allocated!.Value / Of("floor process").Allocated!.Value),
            Ratio("", "CPU with listeners ÷ without", 1.15, "ours process --listener", "ours process"),
            Ratio("journal, every field of each event read", "CPU ÷ Adobe's client", 1.00, "ours typed", "node journal"),
            Ratio("journal, each event for a job that waits", "CPU ÷ Adobe's client", 1.00, "ours dispatched", "node journal"),
            Ratio("journal, events of others passed by", "CPU ÷ Adobe's client", 1.00, "ours passed-by", "node journal"),
            Ratio("assets of three renditions awaited, 500 in flight", "CPU ÷ Adobe's client", 0.80, "ours jobs", "node jobs"),
            new("", "peak memory ÷ Adobe's client", 0.80, null, Of("ours jobs").Peak / Of("node jobs").Peak),
            .. native,
            new(string.Create(CultureInfo.InvariantCulture, $"journal of {comparison.Singles[0].Count:#,0} events ÷ of 10,000"), "CPU for each event", 1.05, null, Of("ours growth").Extra!.Value),
            new(string.Create(CultureInfo.InvariantCulture, $"{jobs:#,0} jobs that wait at once"), "memory for each beyond its request", 2048, null, Of("ours waiting").Extra!.Value, "B"),
        ];
    }

    public string ToRow() => string.Create(CultureInfo.InvariantCulture, $"| {Work} | {Measure} | ≤ {Show(Limit)} | {Show(AtFirst)} | {Show(Later)} | {Verdict} |");

    private string Verdict => (AtFirst ?? 0) <= Limit && Later <= Limit ? "holds" : AtFirst <= Limit ? "at first" : AtFirst is not null && Later <= Limit ? "later" : "missed";

    private string Show(double? value) => value is not { } number ? ""
        : Unit.Length > 0 ? number.ToString("#,0 ", CultureInfo.InvariantCulture) + Unit
        : number.ToString("0.00", CultureInfo.InvariantCulture);
}

using System.Collections.Concurrent;

namespace AssetCompute.Client.Storage;

/// <summary>Adds the totals of a call to the progress reports of its files.</summary>
internal sealed class RenderTotals(int files, IProgress<RenderProgress>? progress)
{
    private readonly ConcurrentDictionary<RenderFile, double> _running = new();
    private int _succeeded;
    private int _failed;

    public void Report(RenderFile file, RenderProgress report)
    {
        _running[file] = report.Fraction;
        Send(report);
    }

    public void Finish(RenderFile file, bool succeeded)
    {
        _running.TryRemove(file, out _);
        Interlocked.Increment(ref succeeded ? ref _succeeded : ref _failed);
        Send(new RenderProgress { Source = file.Path, Stage = succeeded ? RenderStage.Completed : RenderStage.Failed, Fraction = 1 });
    }

    private void Send(RenderProgress report)
    {
        int succeeded = Volatile.Read(ref _succeeded);
        int failed = Volatile.Read(ref _failed);
        double overall = Math.Min(1, (succeeded + failed + _running.Values.Sum()) / files);
        progress?.Report(report with { Files = files, SucceededFiles = succeeded, FailedFiles = failed, OverallFraction = overall });
    }
}

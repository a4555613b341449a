using System.Diagnostics;

namespace AssetCompute.Emulator.Tests;

/// <summary>The render workers on this machine, as listed by <c>ps</c>.</summary>
internal static class Workers
{
    /// <summary>The process ids of the workers that the given process started.</summary>
    public static IReadOnlyList<int> Of(int parent) => [.. All().Where(worker => worker.Parent == parent).Select(worker => worker.Id)];

    /// <summary>Waits until the given process has a worker that has used some processor time.</summary>
    public static async Task<int> BusyAsync(int parent)
    {
        for (var started = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(started) < ServiceClient.Patience;)
        {
            foreach (var id in Of(parent))
            {
                if (ProcessorTimeOf(id) > TimeSpan.FromSeconds(1))
                {
                    return id;
                }
            }

            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        throw new InvalidOperationException("No worker is busy.");
    }

    public static async Task GoneAsync(int id)
    {
        for (var started = Stopwatch.GetTimestamp(); All().Any(worker => worker.Id == id);)
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < ServiceClient.Patience, $"Worker {id} still runs.");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    public static void Kill(int id)
    {
        using var process = Process.GetProcessById(id);
        process.Kill();
    }

    private static TimeSpan ProcessorTimeOf(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return process.TotalProcessorTime;
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            return TimeSpan.Zero;
        }
    }

    private static List<(int Id, int Parent)> All()
    {
        using var ps = Process.Start(new ProcessStartInfo("ps", ["-eo", "pid=,ppid=,stat=,args="]) { RedirectStandardOutput = true })!;
        var workers = new List<(int, int)>();
        while (ps.StandardOutput.ReadLine() is { } line)
        {
            var columns = line.Split(' ', 4, StringSplitOptions.RemoveEmptyEntries);
            if (columns[3].Contains("AssetCompute.Emulator.Rendering.dll", StringComparison.Ordinal) && !columns[2].StartsWith('Z'))
            {
                workers.Add((int.Parse(columns[0]), int.Parse(columns[1])));
            }
        }

        return workers;
    }
}

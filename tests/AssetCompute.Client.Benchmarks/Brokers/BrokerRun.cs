using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using AssetCompute.Client.Brokers;
using AssetCompute.Emulator;

namespace AssetCompute.Client.Benchmarks.Brokers;

/// <summary>The workers of one row, their servers, and a service whose journal contains all events from the start.</summary>
internal sealed class BrokerRun : IAsyncDisposable
{
    private const int Padding = 900;
    private readonly BrokerRow _row;
    private readonly BrokerServers _servers;
    private readonly AssetComputeEmulator _emulator;
    private readonly int _events;
    private readonly string _mostMilliseconds;
    private readonly List<WorkerProcess> _all = [];
    private readonly WorkerProcess[] _running;

    private BrokerRun(BrokerRow row, BrokerServers servers, AssetComputeEmulator emulator, int events, int mostMilliseconds)
    {
        _row = row;
        _servers = servers;
        _emulator = emulator;
        _events = events;
        _mostMilliseconds = mostMilliseconds.ToString(CultureInfo.InvariantCulture);
        _running = [.. Enumerable.Range(0, row.Processes).Select(_ => Start())];
    }

    /// <summary>Events per second, from the first handled event to the last.</summary>
    public double Rate
    {
        get
        {
            long[] times = [.. _all.SelectMany(static worker => worker.HandledAt).Order()];
            return (times.Length - 1) / Stopwatch.GetElapsedTime(times[0], times[^1]).TotalSeconds;
        }
    }

    public TimeSpan ProcessorTime => TimeSpan.FromTicks(_running.Sum(static worker => worker.ProcessorTime.Ticks));

    public long PeakMegabytes => _running.Max(static worker => worker.PeakMegabytes);

    public int Lost => _events - Handled();

    public int Twice => _all.Sum(static worker => worker.HandledCount) - Handled();

    /// <summary>The end of the workers' output.</summary>
    public string Output => string.Join('\n', _all.Select(static worker => worker.Output).Select(static text => text[^Math.Min(text.Length, 1000)..]));

    public static async Task<BrokerRun> StartAsync(BrokerRow row, int events, int mostMilliseconds)
    {
        BrokerServers servers = await row.StartServersAsync();
        AssetComputeEmulator emulator = await AssetComputeEmulator.StartAsync(
            static options => (options.Rendering.Mode, options.Journal.RetryAfter) = (EmulatorRenderingMode.None, TimeSpan.Zero));
        await using AssetComputeClient client = AssetComputeClient.Create(options => options.UseEmulator(emulator.Endpoint));
        await client.RegisterAsync();
        for (int i = 0; i < events; i++)
        {
            emulator.Publish(new JsonObject { ["type"] = $"event.{i}", ["id"] = $"event-{i}", ["source"] = "urn:test", ["padding"] = new string('x', Padding) });
        }

        return new BrokerRun(row, servers, emulator, events, mostMilliseconds);
    }

    /// <summary>Waits until the given number of events is handled, or until no event is handled for the given time.</summary>
    public async Task UntilAsync(int count, TimeSpan patience, TimeSpan poll)
    {
        // Counting distinct events takes processor time from the workers, so it starts only when the total is sufficient.
        int times = 0;
        for (long since = Stopwatch.GetTimestamp(); (times < count || Handled() < count) && Stopwatch.GetElapsedTime(since) < patience;)
        {
            await Task.Delay(poll);
            int now = _all.Sum(static worker => worker.HandledCount);
            since = now > times ? Stopwatch.GetTimestamp() : since;
            times = now;
            if (_running.Any(static worker => worker.HasExited))
            {
                throw new InvalidOperationException($"A worker ended by itself: {_row.Name}. {Output}");
            }
        }
    }

    /// <summary>Kills a worker like <c>kill -9</c>, and starts another.</summary>
    public async Task KillAsync(int which)
    {
        await _running[which].DisposeAsync();
        _running[which] = Start();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (WorkerProcess worker in _running)
        {
            await worker.DisposeAsync();
        }

        await _emulator.DisposeAsync();
        await _servers.DisposeAsync();
    }

    private int Handled() => _all.SelectMany(static worker => worker.Handled).Distinct().Count();

    private WorkerProcess Start()
    {
        WorkerProcess worker = WorkerProcess.Start(_row.Program, _emulator, [.. _servers.Settings, ("Work__MaxMilliseconds", _mostMilliseconds)]);
        _all.Add(worker);
        return worker;
    }
}

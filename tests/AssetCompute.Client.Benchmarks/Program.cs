using System.Globalization;
using AssetCompute.Client.Benchmarks.Comparison;
using AssetCompute.Client.Benchmarks.Overhead;
using AssetCompute.Client.Benchmarks.Throttling;

switch (args)
{
    case ["throttling", ..]:
        ThrottlingBenchmark benchmark = new()
        {
            Calls = (int)Option("calls", 1000),
            Callers = (int)Option("callers", 200),
            PerSecond = Option("limit", 50),
            Capacity = Option("capacity", 50),
            Latency = TimeSpan.FromMilliseconds(Option("latency", 0)),
            UseGate = !args.Contains("--no-gate"),
            NodeClient = Array.IndexOf(args, "--node") is >= 0 and int index && index + 1 < args.Length ? args[index + 1] : null,
        };
        return await benchmark.RunAsync(Console.Out) ? 0 : 1;

    case ["overhead"]:
        await OverheadBenchmark.RunAsync(Console.Out);
        return 0;

    case ["compare", var nodeFolder, var page, var commit, ..]:
        Comparison comparison = new() { NodeFolder = nodeFolder, IsFull = args.Contains("--full") };
        await comparison.RunAsync(Console.Error);
        const string notesHeading = "## Notes";
        string before = File.Exists(page) ? await File.ReadAllTextAsync(page) : "";
        int notes = before.IndexOf(notesHeading, StringComparison.Ordinal);
        string text = new PerformancePage(comparison).Write(commit, notes < 0 ? "" : before[notes..]);
        await File.WriteAllTextAsync(page, text);
        Console.WriteLine(text);
        return 0;

    case ["micro", .. var arguments]:
        // Without arguments all of them, short runs; arguments are BenchmarkDotNet's own.
        BenchmarkDotNet.Running.BenchmarkSwitcher.FromAssembly(typeof(Contestant).Assembly)
            .Run(arguments.Length > 0 ? arguments : ["--filter", "*", "--job", "short"]);
        return 0;

    case ["server"]:
        await BenchmarkServer.RunAsync();
        return 0;

    case ["contestant", .. var work]:
        await Contestant.RunAsync(work);
        return 0;

    default:
        await Console.Error.WriteLineAsync("""
            usage: dotnet run -c Release --project tests/AssetCompute.Client.Benchmarks -- <benchmark>

            throttling [--calls 1000] [--callers 200] [--limit 50] [--capacity 50] [--latency 0] [--no-gate | --node <folder>]
                calls of /process against a token bucket that refuses with 429; the latency is in milliseconds.
                --no-gate: every call waits by itself, as with a usual retry handler.
                --node: Adobe's Node client instead, from a folder where "npm install @adobe/asset-compute-client" was run.

            overhead
                what the pipeline costs a call that is never throttled

            micro [BenchmarkDotNet's arguments]
                the parts by themselves, with their allocations

            compare <folder of the Node clients> <page to write> <commit> [--full]
                the client next to the floor and to Adobe's; tests/bench.sh does it all
            """);
        return 2;
}

double Option(string name, double fallback)
{
    int index = Array.IndexOf(args, "--" + name);
    return index < 0 || index + 1 >= args.Length ? fallback : double.Parse(args[index + 1], CultureInfo.InvariantCulture);
}

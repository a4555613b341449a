using System.Globalization;
using AssetCompute.Client.Benchmarks.Brokers;
using AssetCompute.Client.Benchmarks.Comparison;
using AssetCompute.Client.Benchmarks.Overhead;
using AssetCompute.Client.Benchmarks.Rendering;
using AssetCompute.Client.Benchmarks.Throttling;
using AssetCompute.Client.Benchmarks.Workbench;

switch (args)
{
    case ["throttling", ..]:
        ThrottlingBenchmark benchmark = new() { NodeFolder = Text("node"), Rows = Text("rows"), IsQuick = args.Contains("--quick") };
        return await benchmark.RunAsync(Console.Out) ? 0 : 1;

    case ["brokers", ..]:
        BrokersBenchmark brokers = new()
        {
            Against = Text("against"),
            Commit = Text("commit"),
            Rows = Text("rows"),
            Rounds = Number("rounds", 3),
            Events = Number("events", 5_000),
            Kills = Number("kills", 10),
        };
        await brokers.RunAsync(Console.Out, Console.Error);
        return 0;

    case ["crowd", .. var crowd]:
        await Crowd.RunAsync(crowd);
        return 0;

    case ["overhead"]:
        await OverheadBenchmark.RunAsync(Console.Out);
        return 0;

    case ["rendering"]:
        await RenderingBenchmark.RunAsync(Console.Out);
        return 0;

    case ["workbench"]:
        await WorkbenchBenchmark.RunAsync(Console.Out);
        return 0;

    case ["compare", var nodeFolder, var page, var commit, ..]:
        Comparison comparison = new() { NodeFolder = nodeFolder, IsFull = args.Contains("--full"), NativeProgram = Text("native") };
        await comparison.RunAsync(Console.Error);
        string text = new PerformancePage(comparison).Write(commit, File.Exists(page) ? await File.ReadAllTextAsync(page) : "");
        await File.WriteAllTextAsync(page, text);
        Console.WriteLine(text);
        return 0;

    case ["micro", .. var arguments]:
        // Without arguments, runs all benchmarks with short runs. Otherwise, passes the arguments to BenchmarkDotNet.
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

            throttling [--node <folder>] [--rows <part of a name>] [--quick]
                crowds of callers against limits of every shape; tests/bench.sh --throttling does it all.
                --node: Adobe's client beside this one, from a folder where "npm install @adobe/asset-compute-client" was run.
                --quick: each row once, where the median of five counts otherwise.

            brokers [--rounds <count>] [--events <count>] [--kills <count>] [--rows <part of a name>] [--against <folder of a build> --commit <its name>]
                events through inboxes and brokers, with workers that are killed; tests/bench.sh --brokers does it all

            overhead
                what the pipeline costs a call that is never throttled

            rendering
                the processor time of 1,500 small renditions by the emulator

            workbench
                the emulator's page with 1,000 jobs: time and size of its views; the heap after 20,000 and after 100,000 jobs

            micro [BenchmarkDotNet's arguments]
                the parts by themselves, with their allocations

            compare <folder of the Node clients> <page to write> <commit> [--full] [--native <program>]
                the client next to the floor and to Adobe's; tests/bench.sh does it all
            """);
        return 2;
}

int Number(string name, int usual) => Text(name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : usual;

string? Text(string name)
{
    int index = Array.IndexOf(args, "--" + name);
    return index < 0 || index + 1 >= args.Length ? null : args[index + 1];
}

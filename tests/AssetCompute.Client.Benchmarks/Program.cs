using System.Globalization;
using AssetCompute.Client.Benchmarks.Throttling;

if (args is not ["throttling", ..])
{
    await Console.Error.WriteLineAsync("""
        usage: dotnet run -c Release --project tests/AssetCompute.Client.Benchmarks -- <benchmark>

        throttling [--calls 1000] [--callers 200] [--limit 50] [--capacity 50] [--latency 0]
            calls of /process against a token bucket that refuses with 429; the latency is in milliseconds
        """);
    return 2;
}

ThrottlingBenchmark benchmark = new()
{
    Calls = (int)Option("calls", 1000),
    Callers = (int)Option("callers", 200),
    PerSecond = Option("limit", 50),
    Capacity = Option("capacity", 50),
    Latency = TimeSpan.FromMilliseconds(Option("latency", 0)),
};
return await benchmark.RunAsync(Console.Out) ? 0 : 1;

double Option(string name, double fallback)
{
    int index = Array.IndexOf(args, "--" + name);
    return index < 0 || index + 1 >= args.Length ? fallback : double.Parse(args[index + 1], CultureInfo.InvariantCulture);
}

using System.Globalization;
using AssetCompute.Client.PostgreSql;
using AssetCompute.Client.PostgreSql.Worker;

// Stands for one instance until it is killed:
//   drain <connection string> <schema> <log file> <workers> <n>: works on what the inbox holds, and stalls at one of n events (0: never);
//   read <connection string> <schema> <log file> <owner>: reads a journal while it holds the lease.
await using PostgreSqlEventInbox inbox = new(args[1], args[2]);
using SettlementLog log = new(args[3]);
using CancellationTokenSource stop = new();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};
await (args[0] == "drain"
    ? Task.WhenAll(Enumerable.Range(0, int.Parse(args[4], CultureInfo.InvariantCulture)).Select(_ => new Drain(inbox, log, int.Parse(args[5], CultureInfo.InvariantCulture)).RunAsync(stop.Token)))
    : new Reader(inbox, log, args[4]).RunAsync(stop.Token));

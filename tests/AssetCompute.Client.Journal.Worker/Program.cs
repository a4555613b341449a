using System.Globalization;
using AssetCompute.Client;
using AssetCompute.Client.Journal.Worker;
using AssetCompute.Client.Workers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

// Handles a journal until the process is killed: <service> <folder for checkpoints> <file for handled positions> <commit count>.
Uri service = new(args[0]);
HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
builder.Services.AddSingleton<IJournalCheckpointStore>(_ => new FileJournalCheckpointStore(args[1]));
builder.Services.AddSingleton(_ => new LineLog(args[2]));
builder.Services
    .AddAssetCompute(options =>
    {
        options.UseEmulator(service);
        options.Journal.PollInterval = TimeSpan.FromMilliseconds(10);
    })
    .AddJournalProcessor<LoggingHandler>("crash", options =>
    {
        options.CommitCount = int.Parse(args[3], CultureInfo.InvariantCulture);
        options.MaxParallelism = 4;
        options.MaxAttempts = 1;
    });
await builder.Build().RunAsync();

using System.Globalization;
using AssetCompute.Client.Inbox;
using AssetCompute.Client.PostgreSql;
using AssetCompute.Client.PostgreSql.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

// Runs one instance until it is killed:
//   work <connection string> <schema> <log file> <workers> <maximum handler milliseconds>: handles the events in the inbox;
//   read <connection string> <schema> <log file> <service>: reads the service's journal into the inbox while it holds the lease.
HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
builder.Services
    .AddSingleton(_ => new InstanceLog(args[3]))
    .AddPostgreSqlInbox(args[1], args[2])
    .AddSingleton<IEventInbox>(provider => new LoggedInbox(provider.GetRequiredService<PostgreSqlEventInbox>(), provider.GetRequiredService<InstanceLog>()));
if (args[0] == "work")
{
    builder.Services.AddSingleton(new HandlerTime(int.Parse(args[5], CultureInfo.InvariantCulture)));
    builder.Services.AddInboxWorkers<LoggingHandler>(options =>
    {
        options.MaxParallelism = int.Parse(args[4], CultureInfo.InvariantCulture);
        options.VisibilityTimeout = TimeSpan.FromSeconds(2);
        options.PollInterval = TimeSpan.FromMilliseconds(50);
    });
}
else
{
    Uri service = new(args[4]);
    builder.Services
        .AddAssetCompute(options =>
        {
            options.UseEmulator(service);
            options.Journal.PollInterval = TimeSpan.FromMilliseconds(50);
        })
        .AddJournalInbox();
}

await builder.Build().RunAsync();

using AssetCompute.Client.Inbox;
using AssetCompute.Client.Workers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

// Reads a journal into an inbox, in the file Inbox:File or the database ConnectionStrings:Events, and handles Work:Parallelism events concurrently.
// tests/bench.sh --brokers also builds this program against an earlier commit, so it uses only APIs that both commits have.
HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);
if (builder.Configuration["Inbox:File"] is { } file)
{
    builder.Services.AddSqliteInbox(file);
}
else
{
    builder.Services.AddPostgreSqlInbox(builder.Configuration.GetConnectionString("Events")!);
}

builder.Services.AddInboxWorkers<PrintingHandler>(options =>
{
    options.MaxParallelism = builder.Configuration.GetValue("Work:Parallelism", 8);
    options.VisibilityTimeout = TimeSpan.FromSeconds(2);
    options.PollInterval = TimeSpan.FromMilliseconds(50);
});
builder.Services.AddAssetCompute(builder.Configuration.GetSection("AssetCompute")).AddJournalInbox();
await builder.Build().RunAsync();

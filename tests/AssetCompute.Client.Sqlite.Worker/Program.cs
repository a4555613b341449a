using System.Globalization;
using System.Text;
using AssetCompute.Client;
using AssetCompute.Client.Inbox;
using AssetCompute.Client.Sqlite;
using AssetCompute.Client.Workers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

// handle <inbox file>: handles the events in the inbox, with a handler that crashes on some of them.
if (args[0] == "handle")
{
    HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
    builder.Services.AddSqliteInbox(args[1]).AddInboxWorkers<PoisonedHandler>(options =>
    {
        options.MaxAttempts = 3;
        options.VisibilityTimeout = TimeSpan.FromSeconds(1);
        options.PollInterval = TimeSpan.FromMilliseconds(50);
    });
    await builder.Build().RunAsync();
    return;
}

// <inbox file> <log file>: stores events with a journal position and completes them, until it is killed. The log has the acknowledged changes.
await using SqliteEventInbox inbox = new(args[0]);
using LineLog log = new(args[1]);
await Task.WhenAll([AddAsync(), .. Enumerable.Range(0, 4).Select(_ => CompleteAsync())]);

async Task AddAsync()
{
    JournalPosition? position = await inbox.LoadCheckpointAsync("journal");
    int last = position is { } known ? int.Parse(known.Value!, CultureInfo.InvariantCulture) : 0;
    while (true)
    {
        int next = last + 1 + Random.Shared.Next(20);
        InboxMessage[] messages = [.. Enumerable.Range(last + 1, next - last).Select(i => new InboxMessage($"event-{i}", Encoding.UTF8.GetBytes($$"""{"id":"event-{{i}}","padding":"{{new string('x', i % 3000)}}"}""")))];
        await inbox.AddAsync(messages, new InboxCheckpoint("journal", JournalPosition.After(next.ToString(CultureInfo.InvariantCulture))));
        log.Add($"stored {last + 1} {next}");
        last = next;
    }
}

async Task CompleteAsync()
{
    while (true)
    {
        foreach (InboxDelivery delivery in await inbox.TakeAsync(5, TimeSpan.FromMilliseconds(300)))
        {
            if (await inbox.SettleAsync(delivery, InboxOutcome.Completed))
            {
                log.Add($"completed {delivery.Id}");
            }
        }
    }
}

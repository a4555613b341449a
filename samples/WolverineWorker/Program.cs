using System.Security.Cryptography;
using System.Text;
using AssetCompute.Client;
using JasperFx.CodeGeneration;
using Npgsql;
using Wolverine;
using Wolverine.ErrorHandling;
using Wolverine.Postgresql;
using Wolverine.RabbitMQ;
using Wolverine.Runtime;
using Wolverine.Runtime.Handlers;
using Wolverine.Runtime.Serialization;
using WolverineWorker;

WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
string database = builder.Configuration.GetConnectionString("Events") ?? throw new InvalidOperationException("Set ConnectionStrings:Events to a PostgreSQL database.");
string rabbit = builder.Configuration.GetConnectionString("RabbitMq") ?? "amqp://guest:guest@127.0.0.1:5672";

// Wolverine opens many connections at once. An instance must not use all connections of the server.
NpgsqlDataSource dataSource = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(database) { MaxPoolSize = 30 });
builder.Services.AddSingleton(_ => dataSource).AddSingleton<EventPublisher>();
builder.Host.UseWolverine(options =>
{
    // Handlers are registered below, so no code is compiled at runtime.
    options.CodeGeneration.TypeLoadMode = TypeLoadMode.Static;
    options.Discovery.DisableConventionalDiscovery();
    EventHandlers handlers = new(builder.Configuration.GetValue("Work:MaxMilliseconds", 0));
    options.AddMessageHandler(new EventHandling<RenditionCreated>(handlers.Handle));
    options.AddMessageHandler(new EventHandling<RenditionFailed>(handlers.Handle));
    options.AddMessageHandler(new EventHandling<OtherEvent>(handlers.Handle));

    options.AddSerializer(new EventSerializer());
    options.DefaultExecutionTimeout = TimeSpan.FromMinutes(10); // the default cancels handlers after a minute
    options.OnException<InvalidDataException>().MoveToErrorQueue();
    options.OnAnyException().ScheduleRetry(TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(10)).Then.MoveToErrorQueue();

    // An event that comes again, by webhook or from a suspended reader, has the same id. Within this time, it is dropped.
    options.PersistMessagesWithPostgresql(dataSource, "wolverine");
    options.Durability.KeepAfterMessageHandling = TimeSpan.FromDays(8);
    options.Durability.ScheduledJobPollingTime = TimeSpan.FromSeconds(1);
    options.UseRabbitMq(new Uri(rabbit)).AutoProvision().CustomizeDeadLetterQueueing(new DeadLetterQueue("asset_events_dead", DeadLetterQueueMode.WolverineStorage));
    options.PublishMessage<AdobeEvent>().ToRabbitQueue(EventPublisher.Queue).UseDurableOutbox();
    options.ListenToRabbitQueue(EventPublisher.Queue).UseDurableInbox().MaximumParallelMessages(8).PreFetchCount(64);
});

builder.Services.AddPostgreSqlJournalStore(); // the lease: one of many instances reads
builder.Services
    .AddAssetCompute(builder.Configuration.GetSection("AssetCompute"))
    .AddJournalRelay<RabbitSink>(configure: options => builder.Configuration.GetSection("Relay").Bind(options))
    .AddWebhooks(options => builder.Configuration.GetSection("AdobeEvents").Bind(options));

WebApplication app = builder.Build();
EventPublisher publisher = app.Services.GetRequiredService<EventPublisher>();
app.MapAdobeEvents("/events", async (events, cancellationToken) =>
    await publisher.PublishAsync(events.Select(static received => (received.Id, received.Event, received.Raw)), cancellationToken));
await app.RunAsync();

namespace WolverineWorker
{
    /// <summary>Publishes the journal's events.</summary>
    internal sealed class RabbitSink(EventPublisher publisher) : IJournalSink
    {
        public async ValueTask PublishAsync(JournalRelayPage page, CancellationToken cancellationToken) =>
            await publisher.PublishAsync(page.Entries.Select(static entry => (entry.Id, entry.Event, entry.Raw)), cancellationToken);
    }

    /// <summary>Stores events in the outbox. Wolverine sends them from there to RabbitMQ, even if RabbitMQ is down for a day.</summary>
    internal sealed class EventPublisher(IServiceProvider services)
    {
        public const string Queue = "asset_events"; // without a hyphen, which Wolverine's tables do not support

        private static readonly Uri s_destination = new("rabbitmq://queue/" + Queue);

        public async Task PublishAsync(IEnumerable<(string Id, AdobeEvent Event, ReadOnlyMemory<byte> Raw)> events, CancellationToken cancellationToken)
        {
            await Parallel.ForEachAsync(events, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = cancellationToken }, async (item, _) =>
            {
                MessageBus bus = new(services.GetRequiredService<IWolverineRuntime>());
                Type type = item.Event is RenditionCreated or RenditionFailed ? item.Event.GetType() : typeof(OtherEvent);
                try
                {
                    await bus.EndpointFor(s_destination).SendRawMessageAsync(item.Raw.ToArray(), type, envelope =>
                    {
                        envelope.Id = new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(item.Id)).AsSpan(0, 16));
                        envelope.Destination = s_destination; // required by the outbox, and missing in a raw message
                        envelope.ContentType = EventSerializer.EventContentType;
                    });
                }
                catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.UniqueViolation)
                {
                    // Already stored: the event came before, by webhook or by journal.
                }
            });
        }
    }

    /// <summary>Reads the JSON of an event in the same way as the client.</summary>
    internal sealed class EventSerializer : IMessageSerializer
    {
        public const string EventContentType = "application/vnd.adobe.event+json";

        public string ContentType => EventContentType;

        public object ReadFromData(Type messageType, Envelope envelope)
        {
            AdobeEvent received = new JournalEntry(default, envelope.Data).Event;
            return messageType == typeof(OtherEvent) ? new OtherEvent(received) : received;
        }

        public object ReadFromData(byte[] data) => new JournalEntry(default, data).Event;

        public byte[] Write(Envelope envelope) => envelope.Data!;

        public byte[] WriteMessage(object message) => throw new NotSupportedException("Events are sent as they came.");
    }

    /// <summary>An event of a type that has no handler of its own. Wolverine finds handlers by the exact type.</summary>
    internal sealed record OtherEvent(AdobeEvent Event);

    /// <summary>Calls a method with each message of a type.</summary>
    internal sealed class EventHandling<TEvent>(Func<TEvent, Guid, CancellationToken, Task> handle) : MessageHandler<TEvent>
    {
        protected override Task HandleAsync(TEvent message, MessageContext context, CancellationToken cancellation) => handle(message, context.Envelope!.Id, cancellation);
    }

    /// <summary>Your work. An event may come again, so handling it twice must do no harm.</summary>
    internal sealed class EventHandlers(int workMilliseconds)
    {
        public Task Handle(RenditionCreated created, Guid id, CancellationToken cancellationToken) => PrintAsync($"created {created.Rendition.Name} ({id})", cancellationToken);

        public Task Handle(RenditionFailed failed, Guid id, CancellationToken cancellationToken) => PrintAsync($"failed {failed.Rendition.Name} ({id})", cancellationToken);

        public Task Handle(OtherEvent other, Guid id, CancellationToken cancellationToken) => PrintAsync($"other {other.Event.Type} ({id})", cancellationToken);

        private async Task PrintAsync(string line, CancellationToken cancellationToken)
        {
            await Task.Delay(Random.Shared.Next(workMilliseconds + 1), cancellationToken);
            Console.WriteLine(line);
        }
    }
}

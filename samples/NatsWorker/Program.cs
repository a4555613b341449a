using AssetCompute.Client;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
using NATS.Net;
using NatsWorker;
using Npgsql;

HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);
builder.Services
    .AddSingleton(_ => new NatsClient(builder.Configuration["Nats:Url"] ?? "nats://127.0.0.1:4222"))
    .AddSingleton<EventStream>()
    .AddHostedService<EventWorker>();

// With PostgreSQL, you can run any number of instances: one holds the lease and reads. Without it, run one instance.
if (builder.Configuration.GetConnectionString("Events") is { } connectionString)
{
    builder.Services.AddSingleton(_ => NpgsqlDataSource.Create(connectionString)).AddPostgreSqlJournalStore();
}

builder.Services
    .AddAssetCompute(builder.Configuration.GetSection("AssetCompute"))
    .AddJournalRelay<NatsSink>(configure: options => builder.Configuration.GetSection("Relay").Bind(options));
await builder.Build().RunAsync();

namespace NatsWorker
{
    /// <summary>The stream. It is created if it does not exist.</summary>
    internal sealed class EventStream(NatsClient client)
    {
        public const string Name = "ASSET_EVENTS";
        public const string Subject = "asset.events";
        public const string DeadLetters = "asset.dead";

        public INatsJSContext Context { get; } = client.CreateJetStreamContext();

        public async Task EnsureAsync(CancellationToken cancellationToken) => await Context.CreateOrUpdateStreamAsync(
            new StreamConfig(Name, [Subject, DeadLetters])
            {
                // Longer than a reader can be suspended before it publishes its page again. The server keeps these ids in memory.
                DuplicateWindow = TimeSpan.FromHours(1),
                MaxAge = TimeSpan.FromDays(8),
                Storage = StreamConfigStorage.File,
            },
            cancellationToken);

        /// <summary>Stores a message. A duplicate, whose id is already in the stream, is a success.</summary>
        public async Task StoreAsync(string subject, byte[] data, string id, NatsHeaders? headers, CancellationToken cancellationToken)
        {
            PubAckResponse answer = await Context.PublishAsync(subject, data, opts: new NatsJSPubOpts { MsgId = id }, headers: headers, cancellationToken: cancellationToken);
            if (!answer.Duplicate)
            {
                answer.EnsureSuccess();
            }
        }
    }

    /// <summary>Publishes the journal's events. When this returns, the server has stored them all.</summary>
    internal sealed class NatsSink(EventStream stream) : IJournalSink
    {
        public async ValueTask PublishAsync(JournalRelayPage page, CancellationToken cancellationToken)
        {
            await stream.EnsureAsync(cancellationToken);
            foreach (JournalEntry[] chunk in page.Entries.Chunk(100))
            {
                await Task.WhenAll(chunk.Select(entry => stream.StoreAsync(EventStream.Subject, entry.Raw.ToArray(), entry.Id, null, cancellationToken)));
            }
        }
    }

    /// <summary>Handles events: eight at a time, with growing delays between attempts, and moved to a separate subject after ten attempts.</summary>
    internal sealed partial class EventWorker(EventStream stream, IConfiguration configuration, ILogger<EventWorker> logger) : BackgroundService
    {
        private const ulong MaxAttempts = 10;
        private readonly int _work = configuration.GetValue("Work:MaxMilliseconds", 0);

        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                try
                {
                    await stream.EnsureAsync(stoppingToken);
                    INatsJSConsumer consumer = await stream.Context.CreateOrUpdateConsumerAsync(
                        EventStream.Name,
                        new ConsumerConfig("workers") { FilterSubject = EventStream.Subject, AckWait = TimeSpan.FromSeconds(30), MaxAckPending = 1000 },
                        stoppingToken);
                    await Parallel.ForEachAsync(
                        consumer.ConsumeAsync<byte[]>(opts: new NatsJSConsumeOpts { MaxMsgs = 64 }, cancellationToken: stoppingToken),
                        new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = stoppingToken },
                        async (message, token) => await RunAsync(message, token));
                }
                catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
                {
                    Unavailable(exception.Message);
                    await Task.Delay(TimeSpan.FromSeconds(1), stoppingToken);
                }
            }
        }

        private async Task RunAsync(INatsJSMsg<byte[]> message, CancellationToken cancellationToken)
        {
            string id = message.Headers?["Nats-Msg-Id"].ToString() ?? "";
            try
            {
                await HandleAsync(id, new JournalEntry(default, message.Data!).Event, cancellationToken);
                await message.AckAsync(cancellationToken: cancellationToken);
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                ulong attempt = message.Metadata?.NumDelivered ?? 1;
                Failed(attempt, id, exception.Message);
                if (attempt < MaxAttempts)
                {
                    await message.NakAsync(delay: TimeSpan.FromSeconds(Math.Min(Math.Pow(2, attempt), 600)), cancellationToken: cancellationToken);
                    return;
                }

                // Stored before the event is given up, so that it is in one place or in both.
                NatsHeaders reason = new() { ["Reason"] = exception.GetType().Name };
                await stream.StoreAsync(EventStream.DeadLetters, message.Data!, "dead:" + id, reason, cancellationToken);
                await message.AckTerminateAsync(cancellationToken: cancellationToken);
            }
        }

        [LoggerMessage(LogLevel.Warning, "NATS cannot be used now: {Failure}")]
        private partial void Unavailable(string failure);

        [LoggerMessage(LogLevel.Warning, "Attempt {Attempt} at {Id} failed: {Failure}")]
        private partial void Failed(ulong attempt, string id, string failure);

        /// <summary>Your work. An event may come again, so handling it twice must do no harm. After 30 seconds (AckWait), another worker gets the event.</summary>
        private async Task HandleAsync(string id, AdobeEvent received, CancellationToken cancellationToken)
        {
            await Task.Delay(Random.Shared.Next(_work + 1), cancellationToken);
            Console.WriteLine(received switch
            {
                RenditionCreated created => $"created {created.Rendition.Name} ({id})",
                RenditionFailed failed => $"failed {failed.Rendition.Name} ({id})",
                AdobeEvent other => $"other {other.Type} ({id})",
            });
        }
    }
}

using System.Globalization;
using AssetCompute.Client.Brokers;
using AssetCompute.Client.Databases;
using AssetCompute.Emulator;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
using NATS.Net;
using Npgsql;

namespace AssetCompute.Client.BrokerTests;

/// <summary>
/// Two readers relay a journal to a broker while the test kills and stops both the readers and the broker. <c>RELAY_EVENTS</c>, <c>RELAY_KILLS</c>, and
/// <c>RELAY_BROKER_DOWN</c> (seconds) set the amount; the full run is 5000, 20, and 60.
/// </summary>
public sealed class RelayKillTests(ITestOutputHelper output)
{
    private static readonly int s_events = Setting("RELAY_EVENTS", 1000);
    private static readonly int s_kills = Setting("RELAY_KILLS", 4);
    private static readonly int s_brokerDown = Setting("RELAY_BROKER_DOWN", 3);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Reader_KilledAndStoppedAtRandomMoments_LosesNothingAndNeverMovesTheCheckpointBack()
    {
        await using NatsServer broker = new();
        await using PostgreSqlServer database = await PostgreSqlServer.StartAsync("fsync=off");
        await broker.StartAsync();
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(database.ConnectionString);
        await using (PostgreSql.PostgreSqlEventInbox inbox = new(source))
        {
            await inbox.EnsureSchemaAsync(Cancellation);
        }

        await RecordCheckpointsAsync(source);
        await using AssetComputeEmulator emulator = await EventStream.StartEmulatorAsync();
        WorkerProcess[] readers = [Start(emulator, broker, database), Start(emulator, broker, database)];
        int published = 0;
        try
        {
            for (int i = 0; i < s_kills; i++)
            {
                long moves = await MovesAsync(source);
                EventStream.Publish(emulator, published, s_events / s_kills);
                published += s_events / s_kills;
                int which = i % 2;
                await EventStream.UntilAsync(readers[1 - which], async () => await MovesAsync(source) > moves, "the checkpoint moves");

                await Task.Delay(Random.Shared.Next(500), Cancellation);
                if (i % 3 == 2)
                {
                    // Longer than the lease: the other reader takes over, and this one resumes with an expired fence.
                    await readers[which].SignalAsync("STOP");
                    await Task.Delay(TimeSpan.FromSeconds(4), Cancellation);
                    await readers[which].SignalAsync("CONT");
                    await Task.Delay(200, Cancellation);
                }

                if (i == s_kills / 2)
                {
                    await broker.KillAsync();
                    await Task.Delay(TimeSpan.FromSeconds(s_brokerDown), Cancellation);
                    await broker.StartAsync();
                }

                await readers[which].DisposeAsync();
                readers[which] = Start(emulator, broker, database);
            }

            await AssertAllArrivedAsync(broker, published);
        }
        finally
        {
            foreach (WorkerProcess reader in readers)
            {
                await reader.DisposeAsync();
            }
        }

        await AssertCheckpointsAsync(source, await PlacesAsync(emulator, published));
    }

    private static int Setting(string name, int value) => int.Parse(Environment.GetEnvironmentVariable(name) ?? $"{value}", CultureInfo.InvariantCulture);

    private static WorkerProcess Start(AssetComputeEmulator emulator, NatsServer broker, PostgreSqlServer database) => WorkerProcess.Start(
        SampleProgram.Path("NatsWorker"),
        emulator,
        ("Nats__Url", broker.Url),
        ("ConnectionStrings__Events", database.ConnectionString),
        ("Relay__LeaseDuration", "00:00:02"),
        ("Relay__MaxRetryDelay", "00:00:02"),
        ("Relay__BatchSize", "20"));

    /// <summary>Records each change of the checkpoint, with the fence and whether the lease was held at that moment.</summary>
    private static async Task RecordCheckpointsAsync(NpgsqlDataSource source)
    {
        await using NpgsqlCommand command = source.CreateCommand("""
            CREATE TABLE moves (number bigint GENERATED ALWAYS AS IDENTITY, position text, fence bigint, held boolean);
            CREATE FUNCTION record_move() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                INSERT INTO moves (position, fence, held) SELECT NEW.position, fence, expires_at > statement_timestamp() FROM asset_compute.inbox_leases WHERE name = 'journal:' || NEW.name;
                RETURN NEW;
            END $$;
            CREATE TRIGGER record_move AFTER INSERT OR UPDATE ON asset_compute.inbox_checkpoints FOR EACH ROW EXECUTE FUNCTION record_move();
            """);
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    private static async Task<long> MovesAsync(NpgsqlDataSource source)
    {
        await using NpgsqlCommand command = source.CreateCommand("SELECT count(*) FROM moves");
        return (long)(await command.ExecuteScalarAsync(Cancellation))!;
    }

    private async Task AssertAllArrivedAsync(NatsServer broker, int published)
    {
        await using NatsClient client = new(broker.Url);
        INatsJSContext context = client.CreateJetStreamContext();
        HashSet<string> arrived = [];
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(TimeSpan.FromMinutes(10));
        INatsJSConsumer consumer = await CheckAsync(context, limit.Token);
        int messages = 0;
        await foreach (INatsJSMsg<byte[]> message in consumer.ConsumeAsync<byte[]>(cancellationToken: limit.Token))
        {
            messages++;
            arrived.Add(message.Headers!["Nats-Msg-Id"].ToString());
            await message.AckAsync(cancellationToken: Cancellation);
            if (arrived.Count == published)
            {
                break;
            }
        }

        output.WriteLine($"{published} events, {s_kills} kills: {arrived.Count} arrived, in {messages} messages");
        Assert.Equal(published, arrived.Count);
    }

    /// <summary>Creates a consumer of the stream. Waits for the stream, which a reader creates.</summary>
    private static async Task<INatsJSConsumer> CheckAsync(INatsJSContext context, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await context.CreateOrUpdateConsumerAsync("ASSET_EVENTS", new ConsumerConfig("check") { FilterSubject = "asset.events", AckPolicy = ConsumerConfigAckPolicy.Explicit }, cancellationToken);
            }
            catch (NatsJSApiException exception) when (exception.Error.Code == 404)
            {
                await Task.Delay(100, cancellationToken);
            }
        }
    }

    private async Task AssertCheckpointsAsync(NpgsqlDataSource source, Dictionary<string, int> places)
    {
        List<(int Place, long Fence, bool IsHeld)> moves = [];
        await using NpgsqlCommand command = source.CreateCommand("SELECT position, fence, held FROM moves ORDER BY number");
        await using NpgsqlDataReader rows = await command.ExecuteReaderAsync(Cancellation);
        while (await rows.ReadAsync(Cancellation))
        {
            moves.Add((places[rows.GetString(0)], rows.GetInt64(1), rows.GetBoolean(2)));
        }

        output.WriteLine($"{moves.Count} moves of the checkpoint under {moves.Select(static move => move.Fence).Distinct().Count()} fences");
        Assert.NotEmpty(moves);
        Assert.All(moves, static move => Assert.True(move.IsHeld));
        Assert.Equal(moves.Select(static move => move.Place).Order(), moves.Select(static move => move.Place));
        Assert.Equal(moves.Select(static move => move.Fence).Order(), moves.Select(static move => move.Fence));
    }

    /// <summary>Maps each position to its index in the journal.</summary>
    private static async Task<Dictionary<string, int>> PlacesAsync(AssetComputeEmulator emulator, int published)
    {
        await using AssetComputeClient client = AssetComputeClient.Create(options => options.UseEmulator(emulator.Endpoint));
        Dictionary<string, int> places = [];
        await foreach (JournalEntry entry in client.Journal.ReadAsync(JournalPosition.Oldest, cancellationToken: Cancellation))
        {
            places.Add(entry.Position.ToString(), places.Count);
            if (places.Count == published)
            {
                break;
            }
        }

        return places;
    }
}

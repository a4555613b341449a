using System.Diagnostics;
using AssetCompute.Client.Inbox;
using AssetCompute.Client.PostgreSql.Tests.Server;
using Npgsql;

namespace AssetCompute.Client.PostgreSql.Tests;

/// <summary>A canceled call has either no effect or the effect that it reports.</summary>
public sealed class InboxCancellationTests : IAsyncDisposable
{
    private readonly string _schema;
    private readonly NpgsqlDataSource _dataSource;
    private readonly PostgreSqlEventInbox _inbox;

    public InboxCancellationTests(SharedServer server)
    {
        _schema = server.NewSchema();
        _dataSource = NpgsqlDataSource.Create(server.ConnectionString);
        _inbox = new PostgreSqlEventInbox(_dataSource, _schema);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _dataSource.DisposeAsync();

    [Fact]
    public async Task AddAsync_WaitsForALockAndIsCancelled_ThrowsAtOnceAndStoresNothing()
    {
        await _inbox.EnsureSchemaAsync(Cancellation);

        await CancelUnderALockAsync(async token => await _inbox.AddAsync([Message("a")], cancellationToken: token));

        Assert.Equal(0, (await _inbox.CountAsync(Cancellation)).Waiting);
    }

    [Fact]
    public async Task TakeAsync_WaitsForALockAndIsCancelled_ThrowsAtOnceAndCountsNoAttempt()
    {
        await _inbox.AddAsync([Message("a")], cancellationToken: Cancellation);

        await CancelUnderALockAsync(async token => await _inbox.TakeAsync(1, TimeSpan.FromHours(1), token));

        Assert.Equal(1, Assert.Single(await _inbox.TakeAsync(1, TimeSpan.FromHours(1), Cancellation)).Attempt);
    }

    [Fact]
    public async Task TakeAsync_CancelledAtAnyMoment_HandsOutWhatItTookOrTakesNothing()
    {
        await _inbox.AddAsync([Message("a")], cancellationToken: Cancellation);
        for (int moment = 0; moment < 200; moment++)
        {
            using CancellationTokenSource source = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
            Task cancelling = CancelAfterAsync(source, TimeSpan.FromMicroseconds(10 * moment));
            try
            {
                InboxDelivery taken = Assert.Single(await _inbox.TakeAsync(1, TimeSpan.FromHours(1), source.Token));
                Assert.Equal(1, taken.Attempt);
                Assert.True(await _inbox.SettleAsync(taken, InboxOutcome.Returned, Cancellation));
            }
            catch (OperationCanceledException) when (source.IsCancellationRequested)
            {
                Assert.Equal(new InboxCounts(1, 0, 0, 0), await _inbox.CountAsync(Cancellation));
            }

            await cancelling;
        }

        Assert.Equal(1, Assert.Single(await _inbox.TakeAsync(1, TimeSpan.FromHours(1), Cancellation)).Attempt);
    }

    private static InboxMessage Message(string id) => new(id, "{}"u8.ToArray());

    /// <summary>Cancels after a delay. The delay spins, because a timer is too coarse to select a moment within one statement.</summary>
    private static Task CancelAfterAsync(CancellationTokenSource source, TimeSpan delay) => Task.Run(
        () =>
        {
            long started = Stopwatch.GetTimestamp();
            SpinWait.SpinUntil(() => Stopwatch.GetElapsedTime(started) >= delay);
            source.Cancel();
        },
        Cancellation);

    private async Task CancelUnderALockAsync(Func<CancellationToken, Task> call)
    {
        await using NpgsqlConnection connection = await _dataSource.OpenConnectionAsync(Cancellation);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(Cancellation);
        await using NpgsqlCommand command = new($"LOCK TABLE {_schema}.inbox_events IN EXCLUSIVE MODE", connection);
        await command.ExecuteNonQueryAsync(Cancellation);
        using CancellationTokenSource source = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);

        Task calling = call(source.Token);
        await WaitUntilBlockedAsync();
        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => calling);
        await transaction.RollbackAsync(Cancellation);
    }

    private async Task WaitUntilBlockedAsync()
    {
        await using NpgsqlCommand command = _dataSource.CreateCommand($"SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = '{_schema}.inbox_events'::regclass");
        while (await command.ExecuteScalarAsync(Cancellation) is 0L)
        {
            await Task.Delay(10, Cancellation);
        }
    }
}

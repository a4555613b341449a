using System.Globalization;
using System.Net;
using AssetCompute.Client.Http;
using AssetCompute.Client.Http.Resilience;
using AssetCompute.Client.Http.Throttling;
using AssetCompute.Client.Tests.Time;
using Microsoft.Extensions.Logging.Abstractions;
using Polly;

namespace AssetCompute.Client.Tests.Http.Throttling;

/// <summary>
/// Many callers, the throttle and a service with a limit, on a fake clock. The simulation processes one event at a time, and continues when every call waits at
/// the throttle, at the service or for its next attempt. The same seed gives the same run.
/// </summary>
internal sealed class ThrottleSimulation : IDisposable
{
    private const double NetworkSeconds = 0.0005;
    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(1);

    private readonly FakeTimeProvider _time = new();
    private readonly PriorityQueue<Func<Task>, (double Time, int Number)> _events = new();
    private readonly SemaphoreSlim _arrivals = new(0);
    private readonly List<Call> _arrived = [];
    private readonly SimulatedService _service;
    private readonly Random _random;
    private readonly Account[] _accounts;
    private int _scheduled;
    private int _atService;
    private double _now;

    public ThrottleSimulation(SimulatedService service, int calls, int callers, int seed, int accounts = 1, AssetComputeThrottlingOptions? throttling = null)
    {
        _service = service;
        _random = new Random(seed);
        _accounts = [.. Enumerable.Range(1, accounts).Select(account => new Account(calls, callers, throttling ?? new(), new Random((seed * 7) + account), _time))];
    }

    /// <summary>The time of the last success, in seconds.</summary>
    public double Elapsed { get; private set; }

    public double SentPerSuccess => _accounts.Sum(account => account.Sent) / (double)_accounts.Sum(account => account.Successes.Count);

    /// <summary>The slowest account's share of the successes while all accounts were active.</summary>
    public double LeastShare
    {
        get
        {
            double firstEnd = _accounts.Min(account => account.Successes[^1]);
            int[] counts = [.. _accounts.Select(account => account.Successes.Count(time => time <= firstEnd))];
            return counts.Min() / (double)counts.Sum();
        }
    }

    public void Dispose()
    {
        Array.ForEach(_accounts, account => account.Queue.Dispose());
        _arrivals.Dispose();
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (Account account in _accounts)
        {
            for (int caller = 0; caller < account.Callers; caller++)
            {
                At(_random.NextDouble() * 0.002, () => NextCallAsync(account));
            }
        }

        for (int step = 1; _accounts.Any(account => account.Successes.Count < account.Calls); step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            _now = step * s_step.TotalSeconds;
            _time.Advance(s_step);
            await SettleAsync();
            while (_events.TryPeek(out Func<Task>? next, out (double Time, int) due) && due.Time <= _now)
            {
                _events.Dequeue();
                await next();
                await SettleAsync();
            }
        }
    }

    private void At(double time, Func<Task> what) => _events.Enqueue(what, (time, _scheduled++));

    private double Network() => NetworkSeconds * (0.7 + (0.8 * _random.NextDouble()));

    private Task NextCallAsync(Account account)
    {
        if (account.Begun < account.Calls)
        {
            Send(new Call(account, account.Begun++));
        }

        return Task.CompletedTask;
    }

    /// <summary>Passes a call to the throttle, which queues it or releases it immediately.</summary>
    private void Send(Call call)
    {
        ResilienceContext context = ResilienceContextPool.Shared.Get();
        context.SetRequestMessage(call.Request);
        call.Answer = new TaskCompletionSource<HttpResponseMessage>();
        call.Outcome = call.Account.Pipeline.ExecuteOutcomeAsync(
            async (_, sent) =>
            {
                sent.Operation.CountAttempt();
                lock (_arrived)
                {
                    _arrived.Add(sent);
                }

                _arrivals.Release();
                return Outcome.FromResult(await sent.Answer.Task);
            },
            context,
            call).AsTask();
    }

    /// <summary>Waits until all calls that the throttle has released have left. They leave on other threads.</summary>
    private async Task SettleAsync()
    {
        for (int leaving = _accounts.Sum(account => account.Law.InFlight) - _atService; leaving > 0; leaving--)
        {
            await _arrivals.WaitAsync();
            _atService++;
        }

        foreach (Call call in _arrived.OrderBy(call => call.Account.Seed).ThenBy(call => call.Number))
        {
            call.Account.Sent++;
            At(_now + Network(), () =>
            {
                Arrive(call);
                return Task.CompletedTask;
            });
        }

        _arrived.Clear();
    }

    private void Arrive(Call call)
    {
        HttpStatusCode status = _service.Ask(_now, _random);
        int? retryAfter = status is HttpStatusCode.TooManyRequests ? _service.RetryAfterAt(_now) : null;
        double duration = status is HttpStatusCode.TooManyRequests ? 0 : _service.Duration * (0.95 + (0.1 * _random.NextDouble()));
        At(_now + duration, () =>
        {
            if (status is HttpStatusCode.OK)
            {
                _service.Done();
            }

            At(_now + Network(), () => AnswerAsync(call, status, retryAfter));
            return Task.CompletedTask;
        });
    }

    private async Task AnswerAsync(Call call, HttpStatusCode status, int? retryAfter)
    {
        using HttpResponseMessage response = new(status);
        if (retryAfter is { } seconds)
        {
            response.Headers.Add("Retry-After", seconds.ToString(CultureInfo.InvariantCulture));
        }

        call.Answer.SetResult(response);
        await call.Outcome;
        _atService--;
        if (status is HttpStatusCode.OK)
        {
            call.Account.Successes.Add(_now);
            Elapsed = _now;
            call.Request.Dispose();
            await NextCallAsync(call.Account);
            return;
        }

        // The waits of the retries around the throttle.
        bool isRefused = status is HttpStatusCode.TooManyRequests;
        double delay = isRefused ? Math.Min(1, 0.2 * Math.Pow(2, call.Refusals++)) : Math.Min(4, 0.5 * Math.Pow(2, call.Faults++));
        double wait = Math.Max(delay * (0.5 + (_random.NextDouble() / 2)), (retryAfter ?? 0) * (1 + (0.1 * _random.NextDouble())));
        At(_now + wait, () =>
        {
            Send(call);
            return Task.CompletedTask;
        });
    }

    private sealed class Account
    {
        public Account(int calls, int callers, AssetComputeThrottlingOptions throttling, Random random, TimeProvider time)
        {
            (Calls, Callers, Seed) = (calls, callers, random.Next());
            Law = new ThrottleLaw(throttling, new AssetComputeRetryOptions(), random.NextDouble);
            Queue = new ThrottleQueue(Law, time);
            ThrottleStrategy throttle = new(Queue, time, new ResilienceTelemetry("", NullLogger.Instance));
            Pipeline = new ResiliencePipelineBuilder<HttpResponseMessage>().AddStrategy(_ => throttle, new Options()).Build();
        }

        public int Calls { get; }

        public int Callers { get; }

        public int Seed { get; }

        public ThrottleLaw Law { get; }

        public ThrottleQueue Queue { get; }

        public ResiliencePipeline<HttpResponseMessage> Pipeline { get; }

        public int Begun { get; set; }

        public int Sent { get; set; }

        public List<double> Successes { get; } = [];

        private sealed class Options : ResilienceStrategyOptions;
    }

    private sealed class Call
    {
        public Call(Account account, int number)
        {
            (Account, Number) = (account, number);
            Operation.AttachTo(Request);
        }

        public Account Account { get; }

        public int Number { get; }

        public HttpRequestMessage Request { get; } = new();

        public HttpOperation Operation { get; } = new(OperationKind.Process, null, "r", TimeProvider.System);

        public TaskCompletionSource<HttpResponseMessage> Answer { get; set; } = new();

        public Task<Outcome<HttpResponseMessage>> Outcome { get; set; } = Task.FromResult(default(Outcome<HttpResponseMessage>));

        public int Refusals { get; set; }

        public int Faults { get; set; }
    }
}

using System.Collections;

namespace AssetCompute.Emulator;

/// <summary>
/// The calls that the emulator received, in order of arrival. Safe for use by many threads; enumerating sees the calls of that
/// moment. The oldest calls go when there are more than <see cref="AssetComputeEmulatorOptions.CallCapacity"/>; counts stay.
/// </summary>
public sealed class EmulatorCalls : IEnumerable<EmulatorCall>
{
    private const long MostBodyBytes = 16L << 20;

    private readonly Lock _gate = new();
    private readonly Queue<EmulatorCall> _withBodies = new();
    private readonly Queue<EmulatorCall> _calls = new();
    private readonly Waiters<EmulatorCall> _waiters;
    private readonly int[] _counts = new int[Enum.GetValues<EmulatorOperation>().Length];
    private readonly int _capacity;
    private long _sequence;
    private long _bodyBytes;

    internal EmulatorCalls(int capacity)
    {
        _capacity = capacity;
        _waiters = new(_gate);
    }

    internal event Action<EmulatorCall?>? Changed;

    /// <summary>How many calls arrived since the start, or since <see cref="Clear"/>.</summary>
    internal long Total
    {
        get
        {
            lock (_gate)
            {
                return _counts.Sum();
            }
        }
    }

    /// <summary>How many calls of one operation arrived since the start, or since <see cref="Clear"/>.</summary>
    /// <param name="operation">The operation.</param>
    /// <returns>The number of calls, answered or not.</returns>
    public int Count(EmulatorOperation operation)
    {
        lock (_gate)
        {
            return _counts[(int)operation];
        }
    }

    /// <summary>The kept calls of one operation, in order of arrival.</summary>
    /// <param name="operation">The operation.</param>
    /// <returns>The calls of this moment.</returns>
    public IReadOnlyList<EmulatorCall> Of(EmulatorOperation operation)
    {
        lock (_gate)
        {
            return _calls.Where(call => call.Operation == operation).ToArray();
        }
    }

    /// <summary>Waits until a call satisfies a condition: one of those that are kept, or one that arrives or is answered later.</summary>
    /// <param name="predicate">The condition. It is asked when a call arrives, when a fault strikes it and when its status is known, and must not call the emulator.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>The first call that satisfies the condition.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    /// <exception cref="Exception">What <paramref name="predicate"/> threw. The call that it was asked about goes on.</exception>
    public Task<EmulatorCall> WaitAsync(Func<EmulatorCall, bool> predicate, CancellationToken cancellationToken = default) =>
        _waiters.WaitAsync(_calls, predicate, cancellationToken);

    /// <summary>Forgets all calls and counts. Sequence numbers go on.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _calls.Clear();
            _withBodies.Clear();
            _bodyBytes = 0;
            Array.Clear(_counts);
        }

        Changed?.Invoke(null);
    }

    /// <summary>The kept calls of this moment, in order of arrival.</summary>
    /// <returns>An enumerator over a copy.</returns>
    public IEnumerator<EmulatorCall> GetEnumerator()
    {
        lock (_gate)
        {
            return ((IEnumerable<EmulatorCall>)_calls.ToArray()).GetEnumerator();
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal EmulatorCall Record(Func<long, EmulatorCall> create)
    {
        EmulatorCall call;
        lock (_gate)
        {
            call = create(++_sequence);
            _calls.Enqueue(call);
            _counts[(int)call.Operation]++;
            if (_calls.Count > _capacity)
            {
                _calls.Dequeue();
            }
        }

        Tell(call);
        return call;
    }

    internal void Failing(EmulatorCall call, string fault)
    {
        call.Fault = fault;
        Tell(call);
    }

    internal void Answered(EmulatorCall call, int status, IReadOnlyDictionary<string, string> headers)
    {
        call.ResponseHeaders = headers;
        call.Status = status;
        Tell(call);
    }

    /// <summary>Notes how long a call took. The bodies of the oldest calls go when those of all have too many bytes.</summary>
    internal void Ended(EmulatorCall call, TimeSpan duration)
    {
        call.Duration = duration;
        lock (_gate)
        {
            _withBodies.Enqueue(call);
            _bodyBytes += call.BodyBytes;
            while (_bodyBytes > MostBodyBytes || _withBodies.Count > _capacity)
            {
                var oldest = _withBodies.Dequeue();
                _bodyBytes -= oldest.BodyBytes;
                oldest.RequestBody = oldest.RequestBody is { } request ? request with { Content = null } : null;
                oldest.ResponseBody = oldest.ResponseBody is { } response ? response with { Content = null } : null;
            }
        }

        Changed?.Invoke(call);
    }

    private void Tell(EmulatorCall call)
    {
        _waiters.Tell(call);
        Changed?.Invoke(call);
    }
}

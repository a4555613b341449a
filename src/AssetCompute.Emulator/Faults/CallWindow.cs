namespace AssetCompute.Emulator;

/// <summary>
/// Limits the number of calls per time window of the emulator's clock. The first window starts with the first call, and the others follow without a
/// gap.
/// </summary>
internal sealed class CallWindow(int calls, TimeSpan window, TimeProvider clock) : CallLimit
{
    private long? _start;
    private long _span;
    private int _taken;

    public override string Name => "window limit";

    public override string Description => $"{calls} in each {window.TotalSeconds:0.###} s";

    public override bool TryTake(out TimeSpan wait)
    {
        var sinceStart = clock.GetElapsedTime(_start ??= clock.GetTimestamp());
        var span = sinceStart.Ticks / window.Ticks;
        if (span != _span)
        {
            _span = span;
            _taken = 0;
        }

        if (_taken < calls)
        {
            _taken++;
            wait = TimeSpan.Zero;
            return true;
        }

        wait = TimeSpan.FromSeconds(Math.Max(1, (window - TimeSpan.FromTicks(sinceStart.Ticks % window.Ticks)).TotalSeconds));
        return false;
    }
}

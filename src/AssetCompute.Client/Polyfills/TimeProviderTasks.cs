#if !NETSTANDARD2_0
namespace AssetCompute.Client;

/// <summary>Members that are extension methods on .NET Standard 2.0 and constructors on .NET 10, under one name.</summary>
internal static class TimeProviderTasks
{
    public static CancellationTokenSource CreateCancellationTokenSource(this TimeProvider timeProvider, TimeSpan delay) => new(delay, timeProvider);

    public static Task Delay(this TimeProvider timeProvider, TimeSpan delay, CancellationToken cancellationToken) => Task.Delay(delay, timeProvider, cancellationToken);
}
#endif

using Polly;

namespace AssetCompute.Client.Http.Resilience;

/// <summary>The operation that a pipeline runs for.</summary>
internal static class OperationContext
{
    private static readonly ResiliencePropertyKey<HttpOperation> Key = new("AssetCompute.Operation");

    public static HttpOperation Of(ResilienceContext context) => context.Properties.GetValue(Key, null!);

    public static void Set(ResilienceContext context, HttpOperation operation) => context.Properties.Set(Key, operation);
}

using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(AssetCompute.Client.Tests.LongTestsFirst))]

namespace AssetCompute.Client.Tests;

/// <summary>
/// Starts the classes that take longest first, so that none of them runs alone at the end. The metadata <c>LongTests</c> of the assembly names them. The order of
/// the others is random.
/// </summary>
public sealed class LongTestsFirst : ITestCollectionOrderer
{
    private static readonly string[] s_classes = typeof(LongTestsFirst).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(static metadata => metadata.Key == "LongTests").Value!.Split(',');

    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. DefaultTestCollectionOrderer.Instance.OrderTestCollections(testCollections).OrderBy(static collection => PlaceOf(collection.TestCollectionDisplayName))];

    private static int PlaceOf(string collection)
    {
        int place = Array.FindIndex(s_classes, name => collection.Contains($".{name} ", StringComparison.Ordinal));
        return place < 0 ? int.MaxValue : place;
    }
}

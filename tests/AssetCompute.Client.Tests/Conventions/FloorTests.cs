namespace AssetCompute.Client.Tests.Conventions;

/// <summary>Checks the layers in docs/design.md: no layer depends on a higher one, and folders have no circular dependencies.</summary>
public class FloorTests
{
    private static readonly House s_house = new(
        typeof(IAssetComputeClient).Assembly,
        "AssetCompute.Client",
        name => name.StartsWith("AssetCompute.Client", StringComparison.Ordinal) || name == "Microsoft.Extensions.DependencyInjection");

    private static readonly string[][] s_floors =
    [
        ["DependencyInjection"],
        ["Jobs", "Storage"],
        ["Journal", "AssetComputeClient"],
        ["Http", "Serialization"],
        ["Authentication", "Events"],
        ["Errors", "Requests", "AssetComputeOptions", "Diagnostics", "Polyfills"],
    ];

    [Fact]
    public void Types_StandInAFileOfTheirOwnName() =>
        Assert.Empty(s_house.Types.Where(type => s_house.Files[House.NameOf(type)].Count() != 1).Select(type => type.FullName));

    [Fact]
    public void Rooms_StandOnAFloor() =>
        Assert.DoesNotContain(s_house.Types, type => FloorOf(type) < 0);

    [Fact]
    public void Types_NameNoTypeOfAHigherFloor()
    {
        IEnumerable<string> calls =
            from type in s_house.Types
            from named in s_house.NamedBy(type)
            where FloorOf(type) > FloorOf(named)
            select $"{RoomOf(type)}/{type.Name} names {RoomOf(named)}/{named.Name}";

        Assert.Empty(calls);
    }

    [Fact]
    public void Rooms_DoNotNameEachOtherInACircle()
    {
        HashSet<(string From, string To)> doors = [.. s_house.Types.SelectMany(type => s_house.NamedBy(type).Select(named => (RoomOf(type), RoomOf(named)))).Where(door => door.Item1 != door.Item2)];

        Assert.Empty(Circle.Find(doors));
    }

    /// <summary>The root folder contains the client and, in the lowest layer, the options, which depend on no other folder.</summary>
    private static string RoomOf(Type type) => s_house.FolderOf(type) switch
    {
        "" => type.Name.EndsWith("Options", StringComparison.Ordinal) || type.IsEnum ? "AssetComputeOptions" : "AssetComputeClient",
        string folder => folder,
    };

    private static int FloorOf(Type type) => Array.FindIndex(s_floors, floor => floor.Contains(RoomOf(type)));
}

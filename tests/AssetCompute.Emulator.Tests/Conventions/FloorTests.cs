using AssetCompute.Client.Tests.Conventions;

namespace AssetCompute.Emulator.Tests;

/// <summary>The layers of the emulator: no layer refers to a higher one, and there are no cycles. See the diagram in docs/design.md.</summary>
public sealed class FloorTests
{
    private static readonly House House = new(typeof(AssetComputeEmulator).Assembly, "AssetCompute.Emulator", name => name == "AssetCompute.Emulator");

    private static readonly string[][] Floors =
    [
        [""],
        ["Endpoints", "Control", "Page"],
        ["Service"],
        ["Jobs", "Webhooks"],
        ["Journal", "Ims", "Aem", "Rendering", "Uploads"],
        ["Sources", "Processes"],
        ["State"],
        ["Renditions", "Storage"],
        ["Media", "Faults"],
        ["Calls", "Http", "Options"],
    ];

    [Fact]
    public void Types_stand_in_a_file_of_their_own_name() =>
        Assert.Empty(House.Types.Where(type => House.Files[House.NameOf(type)].Count() != 1).Select(type => type.FullName));

    [Fact]
    public void Rooms_stand_on_a_floor() =>
        Assert.Empty(House.Types.Where(type => FloorOf(type) < 0).Select(House.FolderOf).Distinct());

    [Fact]
    public void Types_name_no_type_of_a_higher_floor()
    {
        var calls =
            from type in House.Types
            from named in House.NamedBy(type)
            where FloorOf(type) > FloorOf(named)
            select $"{House.FolderOf(type)}/{type.Name} names {House.FolderOf(named)}/{named.Name}";

        Assert.Empty(calls);
    }

    [Fact]
    public void Rooms_do_not_name_each_other_in_a_circle()
    {
        HashSet<(string From, string To)> doors =
        [
            .. House.Types
                .SelectMany(type => House.NamedBy(type).Select(named => (House.FolderOf(type), House.FolderOf(named))))
                .Where(door => door.Item1 != door.Item2),
        ];

        Assert.Empty(Circle.Find(doors));
    }

    private static int FloorOf(Type type) => Array.FindIndex(Floors, floor => floor.Contains(House.FolderOf(type)));
}

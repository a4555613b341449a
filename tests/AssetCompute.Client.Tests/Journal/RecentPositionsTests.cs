using System.Text;
using AssetCompute.Client.Journal;

namespace AssetCompute.Client.Tests.Journal;

public class RecentPositionsTests
{
    private const int Known = 16_384;
    private readonly RecentPositions _recent = new();

    [Fact]
    public void Add_ThousandsOfPositions_KnowsAtLeastTheLast()
    {
        for (int i = 0; i < 5 * Known; i++)
        {
            Assert.True(Add(i));
        }

        for (int i = 4 * Known; i < 5 * Known; i++)
        {
            Assert.False(Add(i));
        }
    }

    [Fact]
    public void Add_PositionOfLongAgo_IsForgotten()
    {
        for (int i = 0; i < 3 * Known; i++)
        {
            Add(i);
        }

        Assert.True(Add(0));
    }

    [Theory]
    [InlineData("", "a")]
    [InlineData("a", "b")]
    [InlineData("12345678", "12345679")]
    [InlineData("12345678a", "12345678b")]
    [InlineData("1234567812345678", "1234567812345679")]
    [InlineData("12345678\0", "12345678")]
    [InlineData("ab", "ba")]
    public void Add_PositionsThatDiffer_AreBothNew(string first, string second)
    {
        Assert.True(_recent.Add(Encoding.UTF8.GetBytes(first)));
        Assert.True(_recent.Add(Encoding.UTF8.GetBytes(second)));
        Assert.False(_recent.Add(Encoding.UTF8.GetBytes(first)));
        Assert.False(_recent.Add(Encoding.UTF8.GetBytes(second)));
    }

    private bool Add(int index) => _recent.Add(Encoding.UTF8.GetBytes(Pages.Position(index)));
}

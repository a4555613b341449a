namespace AssetCompute.Client.Tests.Conventions;

public class CircleTests
{
    [Theory]
    [InlineData("A>B B>A", "A>B>A")]
    [InlineData("A>B B>C C>A", "A>B>C>A")]
    [InlineData("A>B B>C C>D D>E E>C", "C>D>E>C")]
    [InlineData("A>B C>D D>E E>F F>D", "D>E>F>D")]
    [InlineData("A>B A>C B>D C>D D>E", "")]
    [InlineData("", "")]
    public void Find_Doors_GivesTheFirstCircle(string doors, string circle)
    {
        HashSet<(string, string)> set = [.. doors.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(door => door.Split('>')).Select(rooms => (rooms[0], rooms[1]))];

        Assert.Equal(circle, string.Join('>', Circle.Find(set)));
    }
}

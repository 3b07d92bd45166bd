<?php
namespace OmsBridge;

class Clock
{
    private $db;

    public function __construct(Db $db)
    {
        $this->db = $db;
    }

    public function now()
    {
        return time();
    }

    /** Both clocks as the database shows them, for that is where the shop's date-times come from. */
    public function both()
    {
        $row = $this->db->row('SELECT UTC_TIMESTAMP() AS u, NOW() AS n, TIMESTAMPDIFF(SECOND, UTC_TIMESTAMP(), NOW()) AS o');
        return array(
            'utc' => self::iso($row['u']),
            'shop' => $row['n'],
            'timezone' => date_default_timezone_get(),
            'offset' => (int)$row['o'],
        );
    }

    public static function iso($datetime)
    {
        return str_replace(' ', 'T', $datetime) . 'Z';
    }
}

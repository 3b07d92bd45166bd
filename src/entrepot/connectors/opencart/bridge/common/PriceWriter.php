<?php
namespace OmsBridge;

/** Prices and specials. A special lives in its own table up to 4.0 and among the discounts from 4.1 on. */
class PriceWriter
{
    private $bridge;
    private $db;
    private $specials;
    private $group;

    public function __construct(Bridge $bridge)
    {
        $this->bridge = $bridge;
        $this->db = $bridge->db;
        $this->specials = $bridge->schema->has('product_special') ? 'product_special' : 'product_discount';
    }

    public function write(Call $call)
    {
        $items = Items::of($call);
        $settings = new ShopSettings($this->db, array('config_customer_group_id'));
        $this->group = (int)$settings->get('config_customer_group_id', 1);
        $wishes = array();
        $errors = array();
        foreach ($items as $i => $item) {
            try {
                $wishes[$i] = $this->wish($item);
            } catch (Refusal $refusal) {
                $errors[$i] = $refusal;
            }
        }
        $facts = $this->facts($wishes);
        foreach ($wishes as $i => $wish) {
            try {
                $this->check($wish, $facts);
            } catch (Refusal $refusal) {
                $errors[$i] = $refusal;
                unset($wishes[$i]);
            }
        }
        $this->db->together(function () use ($wishes, $facts) {
            $this->put($wishes, $facts);
        });
        if ($wishes) {
            $this->bridge->shop->forgetProducts();
        }
        return new Answer($this->answers($items, $wishes, $errors));
    }

    private function wish($item)
    {
        $kind = isset($item['kind']) ? $item['kind'] : null;
        if (!in_array($kind, array('product', 'option_value', 'variant'), true)) {
            throw Refusal::invalid('kind', 'unknown', 'The kind must be product, option_value or variant.');
        }
        if (!isset($item['price'])) {
            throw Refusal::invalid('price', 'missing', 'The field price is required.');
        }
        $wish = array('kind' => $kind, 'product_id' => Field::number($item, 'product_id', 1), 'price' => Field::decimal($item['price'], 'price'));
        if ($kind === 'option_value') {
            $wish['option_id'] = Field::number($item, 'option_id', 1);
            $wish['option_value_id'] = Field::number($item, 'option_value_id', 1);
            if (array_key_exists('special', $item)) {
                throw Refusal::invalid('special', 'not_for_options', 'OpenCart has no special for an option value.');
            }
        } elseif (array_key_exists('special', $item)) {
            $wish['special'] = $this->special($item['special']);
        }
        return $wish;
    }

    private function special($special)
    {
        if ($special === null) {
            return array('group' => $this->group, 'price' => null);
        }
        if (!is_array($special) || !isset($special['price'])) {
            throw Refusal::invalid('special', 'malformed', 'A special is null or an object with a price.');
        }
        return array(
            'group' => Field::optionalNumber($special, 'customer_group_id', $this->group, 1),
            'price' => Field::decimal($special['price'], 'special.price'),
            'start' => Field::day($special, 'date_start'),
            'end' => Field::day($special, 'date_end'),
        );
    }

    private function facts($wishes)
    {
        $ids = Db::ints(Page::column($wishes, 'product_id'));
        $columns = $this->bridge->schema->select('product', array('product_id', 'master_id', 'price', 'override'));
        $facts = array('products' => array(), 'values' => array());
        foreach ($this->db->rows('SELECT ' . $columns . ' FROM ' . $this->db->table('product') . ' WHERE `product_id` IN (' . $ids . ')') as $row) {
            $facts['products'][$row['product_id']] = $row;
        }
        foreach ($this->db->rows('SELECT `product_option_value_id`, `product_id`, `option_id`, `option_value_id`, `price`, `price_prefix` FROM '
            . $this->db->table('product_option_value') . ' WHERE `product_id` IN (' . $ids . ') ORDER BY `product_option_value_id`') as $row) {
            $facts['values'][$row['product_id'] . ':' . $row['option_id'] . ':' . $row['option_value_id']][] = $row;
        }
        return $facts;
    }

    private function check($wish, $facts)
    {
        if (!isset($facts['products'][$wish['product_id']])) {
            throw Refusal::notFound('There is no such product.', array('product_id' => $wish['product_id']));
        }
        if ($wish['kind'] === 'variant' && empty($facts['products'][$wish['product_id']]['master_id'])) {
            throw Refusal::invalid('kind', 'not_a_variant', 'The product has no master.');
        }
        if ($wish['kind'] === 'option_value' && !isset($facts['values'][$this->key($wish)])) {
            throw Refusal::notFound('The product has no such option value.', array('product_id' => $wish['product_id']));
        }
    }

    private function key($wish)
    {
        return $wish['product_id'] . ':' . $wish['option_id'] . ':' . $wish['option_value_id'];
    }

    /** Products first, since an option value is stored as the difference to its product. */
    private function put($wishes, $facts)
    {
        $base = array();
        foreach ($facts['products'] as $id => $row) {
            $base[$id] = $row['price'];
        }
        foreach ($wishes as $wish) {
            if ($wish['kind'] !== 'option_value') {
                $base[$wish['product_id']] = $wish['price'];
                $this->db->run('UPDATE ' . $this->db->table('product') . ' SET `price` = ' . $wish['price'] . $this->kept($wish, $facts)
                    . ', `date_modified` = NOW() WHERE `product_id` = ' . $wish['product_id']);
            }
        }
        foreach ($wishes as $wish) {
            if ($wish['kind'] === 'option_value') {
                $rows = Page::column($facts['values'][$this->key($wish)], 'product_option_value_id');
                list($prefix, $amount) = self::difference($wish['price'], $base[$wish['product_id']]);
                $this->db->run('UPDATE ' . $this->db->table('product_option_value') . " SET `price` = " . $amount . ", `price_prefix` = '" . $prefix . "'"
                    . ' WHERE `product_option_value_id` IN (' . Db::ints($rows) . ')');
            }
        }
        $this->putSpecials($wishes);
    }

    private function kept($wish, $facts)
    {
        if ($wish['kind'] !== 'variant' || !$this->bridge->schema->hasColumn('product', 'override')) {
            return '';
        }
        return ', `override` = ' . $this->db->quote(VariantOverride::with($facts['products'][$wish['product_id']]['override'], 'price'));
    }

    private function putSpecials($wishes)
    {
        $groups = array();
        $rows = array();
        foreach ($wishes as $wish) {
            if (isset($wish['special'])) {
                $special = $wish['special'];
                $groups[$special['group']][] = $wish['product_id'];
                $key = $wish['product_id'] . ':' . $special['group'];
                unset($rows[$key]);
                if ($special['price'] !== null) {
                    $rows[$key] = '(' . $wish['product_id'] . ', ' . $special['group'] . ', 1, ' . $special['price'] . ', '
                        . $this->db->quote($special['start']) . ', ' . $this->db->quote($special['end']) . ($this->specials === 'product_special' ? ')' : ", 1, 'F', 1)");
                }
            }
        }
        foreach ($groups as $group => $ids) {
            $this->db->run('DELETE FROM ' . $this->db->table($this->specials) . ' WHERE `customer_group_id` = ' . (int)$group
                . ' AND `product_id` IN (' . Db::ints($ids) . ')' . ($this->specials === 'product_special' ? '' : ' AND `special` = 1'));
        }
        if ($rows) {
            $this->db->run('INSERT INTO ' . $this->db->table($this->specials) . ' (`product_id`, `customer_group_id`, `priority`, `price`, `date_start`, `date_end`'
                . ($this->specials === 'product_special' ? ')' : ', `quantity`, `type`, `special`)') . ' VALUES ' . implode(',', $rows));
        }
    }

    private function answers($items, $wishes, $errors)
    {
        $facts = $this->facts($wishes);
        $specials = $this->db->grouped('SELECT `product_id`, `customer_group_id`, `price`, `date_start`, `date_end` FROM ' . $this->db->table($this->specials)
            . ' WHERE `product_id` IN (' . Db::ints(Page::column($wishes, 'product_id')) . ')' . ($this->specials === 'product_special' ? '' : ' AND `special` = 1')
            . ' ORDER BY `priority`, `price`', 'product_id');
        $answers = array();
        foreach ($items as $i => $item) {
            try {
                if (isset($errors[$i])) {
                    throw $errors[$i];
                }
                $answers[] = Items::ok($item, $this->seen($wishes[$i], $facts, $specials));
            } catch (Refusal $refusal) {
                $answers[] = Items::failed($item, $refusal);
            }
        }
        return $answers;
    }

    private function seen($wish, $facts, $specials)
    {
        $this->check($wish, $facts);
        $price = $facts['products'][$wish['product_id']]['price'];
        $special = null;
        if ($wish['kind'] === 'option_value') {
            $row = $facts['values'][$this->key($wish)][0];
            $price = self::sum($price, $row['price_prefix'], $row['price']);
        } else {
            $group = isset($wish['special']) ? $wish['special']['group'] : $this->group;
            foreach (isset($specials[$wish['product_id']]) ? array_reverse($specials[$wish['product_id']]) : array() as $row) {
                if ((int)$row['customer_group_id'] === $group) {
                    $special = array('price' => $row['price'], 'date_start' => $row['date_start'], 'date_end' => $row['date_end'], 'customer_group_id' => $group);
                }
            }
        }
        return array('price' => $price, 'special' => $special);
    }

    /** Exact to the fourth digit: amounts of at most eleven digits before the point fit a float's whole numbers. */
    public static function difference($wanted, $base)
    {
        $units = round((float)$wanted * 10000) - round((float)$base * 10000);
        return array($units < 0 ? '-' : '+', sprintf('%.4F', abs($units) / 10000));
    }

    public static function sum($base, $prefix, $amount)
    {
        $sign = $prefix === '-' ? -1 : 1;
        return sprintf('%.4F', (round((float)$base * 10000) + $sign * round((float)$amount * 10000)) / 10000);
    }
}
